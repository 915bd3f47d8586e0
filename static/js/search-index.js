// Looks a query up in the index of a language.
