"""Classical tests of counts and ranks for unweighted data, exact where a sample is small.

Belongs here: Fisher, McNemar, Cochran, Wilcoxon, Kruskal-Wallis, trends, agreement. Does not belong here: anything
with weights or a design (``tables``).
"""
