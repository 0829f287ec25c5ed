import Language

extension Parameter.NameSpace {
  static let models = Parameter.NameSpace("models", isPath: true)
  static let revisions = Parameter.NameSpace("revisions", isPath: true)
  static let loadedModels = Parameter.NameSpace("loaded models")
  static let weights = Parameter.NameSpace("weights")
  static let vocabulary = Parameter.NameSpace("vocabulary", isWords: true)
  static let baselines = Parameter.NameSpace("baselines", isWords: true)
}
