"""How the mood models are made: `sincerely mood train` and `sincerely mood evaluate`.

Start reading at `recipe`. Training needs the extra `train` (torch, scipy, onnx); judging does not.
"""
