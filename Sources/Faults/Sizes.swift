import ExactText

/// A number of bytes for messages, rounded up to a whole unit of 1024s: `34 MB`.
package func roundedSize(_ bytes: Int) -> String {
  for (unit, shift) in [("GB", 30), ("MB", 20), ("kB", 10)] where bytes >= 8 << shift || unit == "kB" {
    return "\((bytes + (1 << shift) - 1) >> shift) \(unit)"
  }
  return "\(bytes) bytes"
}
