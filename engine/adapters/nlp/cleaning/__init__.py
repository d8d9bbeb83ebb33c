"""From a message as it was sent to the words its writer wrote, with the way back to every character.

Start reading at `own_words` (what is theirs) and `wording` (how a model sees it). Everything here takes
time in proportion to the text, whatever the text is.
"""
