// Placeholder of the SwiftletClient layer.
