// Encoders
