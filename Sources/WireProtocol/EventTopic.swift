/// The topics of a broker's event socket.
package enum EventTopic {
    /// What the topics of all of them begin with; an event's goes on with the name of its kind.
    package static let prefix = "e."
    /// Alone in a message, to a new subscriber: from now on it gets what is published.
    package static let subscribed = prefix + "SUBSCRIBED"
}
