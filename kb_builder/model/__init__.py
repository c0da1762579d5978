"""What the content is: front matter with places, sections, schema, vocabularies, documents, corpus."""
