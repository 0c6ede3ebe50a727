"""What teachers say, for the stance model that ships to learn from: of names, the climate, claims.

Beside each module lies what its teacher said (``python -m training.teach``): a file that holds no
text, but the ids of the rows that the teacher has seen with their labels, where other passages
stand in the corpora, and its probabilities of each.
"""
