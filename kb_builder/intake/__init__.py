"""From spreadsheets and ticket exports to drafts, and the writing of drafts into a base."""
