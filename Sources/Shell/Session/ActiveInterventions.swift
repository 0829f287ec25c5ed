/// What is done to the network at the moment, in the order it was asked for.
package struct ActiveInterventions: Sendable {
}
