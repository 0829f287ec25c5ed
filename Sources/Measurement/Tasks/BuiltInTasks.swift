import ExactText
import Synchronization

/// The tasks that ship with the program; `Resources/SOURCES.md` says where they come from.
public enum BuiltInTasks {
  private struct File {
    let kind: MeasurementTask.Kind
    let bytes: [UInt8]
    /// Of sentences by others, to which counterfactuals were added: a row stays where a model's tokens make no pair of them.
    var keepsRowsWithoutFit = false

    static func agreement(_ bytes: [UInt8]) -> File {
      File(kind: .masked, bytes: bytes, keepsRowsWithoutFit: true)
    }
  }

  /// Those that were asked for; each is parsed once.
  private static let parsed = Mutex<NameTable<MeasurementTask>>([:])

  private static let files: KeyValuePairs<String, File> = [
    "sva_obj": .agreement(PackageResources.sva_obj_tsv),
    "sva_subj": .agreement(PackageResources.sva_subj_tsv),
    "sva_comp": .agreement(PackageResources.sva_comp_tsv),
    "sva_prep": .agreement(PackageResources.sva_prep_tsv),
    "reflexive_number": .agreement(PackageResources.reflexive_number_tsv),
    "reflexive_gender": .agreement(PackageResources.reflexive_gender_tsv),
    "sst2": File(kind: .labels, bytes: PackageResources.sst2_tsv),
    "ioi": File(kind: .masked, bytes: PackageResources.ioi_tsv),
    "greater_than": File(kind: .greaterThan, bytes: PackageResources.greater_than_tsv),
  ]

  public static var names: [String] { files.map(\.key) }

  /// nil when no task ships under this name.
  public static func task(named name: String) throws -> MeasurementTask? {
    guard let file = files.first(where: { $0.key == name })?.value else { return nil }
    if let task = parsed.withLock({ $0[name] }) { return task }
    var task = try MeasurementTask(name: name, bytes: file.bytes, path: name, kind: file.kind, strict: true)
    task.keepsRowsWithoutFit = file.keepsRowsWithoutFit
    parsed.withLock { $0[name] = task }
    return task
  }
}
