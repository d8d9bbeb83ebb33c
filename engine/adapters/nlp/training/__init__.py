"""How the mood models are made: `sincerely mood train` and `sincerely mood evaluate`.

Needs the extra `train` (torch, scikit-learn, onnx). Nothing here is loaded at run time.
"""
