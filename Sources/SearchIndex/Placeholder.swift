// Placeholder of the SearchIndex layer.
