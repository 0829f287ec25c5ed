import Language

extension CommandRegistry {
  /// The verbs about models, one line each group, with those of the language.
  package static let standard = CommandRegistry(
    domain: [
      // Session
      LoadCommand(), ModelCommand(), TextCommand(), QoICommand(), TaskCommand(),
      ModelsCommand(), RevisionsCommand(),
      // Look
      TokenizeCommand(), ForwardCommand(), ShowCommand(), StatsCommand(), HeatmapCommand(), CompareCommand(),
      WeightCommand(), GenerateCommand(), TokenCommand(), IDCommand(),
      // Explain
      BaselineCommand(), InfluenceCommand(), PatternsCommand(), PatternCommand(), FlowCommand(),
      AttributeCommand(), CircuitCommand(), LensCommand(), ContributionsCommand(), TraceCommand(),
      PlotCommand(),
      // Intervene
      AblateCommand(), PatchCommand(), KeepCommand(), InterventionsCommand(), RestoreCommand(),
      // Measure
      MeasureCommand(), MergeCommand(), AccuracyCommand(), ScoreCommand(), SweepCommand(),
      ExperimentCommand(),
    ],
    topics: [.quantities, .tasks, .nodes], habits: Habit.ofNodes)
}
