"""What can be read off a corpus as a whole: facet counts, lists, relations, sums of shares."""
