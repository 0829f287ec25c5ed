import Rendering
import Testing

@Test func formatsAreRegisteredUnderUniqueNames() {
  #expect(Renderers.all.map(\.name) == ["table", "json", "csv"])
  #expect(Renderers.named("json")?.name == "json")
  #expect(Renderers.named("yaml") == nil)
  let extensions = [
    ".npy", ".npz", ".safetensors", ".csv", ".tsv", ".json", ".jsonl", ".txt", ".svg", ".html",
  ]
  #expect(FileFormats.extensions == extensions)
}
