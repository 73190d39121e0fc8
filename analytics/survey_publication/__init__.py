"""What of the survey results of this house may be published, and whether a reader could find out more.

Belongs here: the tables of a release that count answers, read as the cells of ``survey_statistics.disclosure``, with
earlier releases beside them. Does not belong here: the rules and the search for patterns (``disclosure``), estimates
(``topics``), stopping a build (whoever publishes).
"""
