import ExactText
import Synchronization

/// The tasks that ship with the program; `Resources/SOURCES.md` says where they come from.
public enum BuiltInTasks {
  private typealias File = (kind: MeasurementTask.Kind, bytes: [UInt8])

  /// Those that were asked for; each is parsed once.
  private static let parsed = Mutex<NameTable<MeasurementTask>>([:])

  private static let files: KeyValuePairs<String, File> = [
    "sva_obj": (.masked, PackageResources.sva_obj_tsv), "sva_subj": (.masked, PackageResources.sva_subj_tsv),
    "sva_comp": (.masked, PackageResources.sva_comp_tsv),
    "sva_prep": (.masked, PackageResources.sva_prep_tsv),
    "reflexive_number": (.masked, PackageResources.reflexive_number_tsv),
    "reflexive_gender": (.masked, PackageResources.reflexive_gender_tsv),
    "sst2": (.labels, PackageResources.sst2_tsv),
  ]

  public static var names: [String] { files.map(\.key) }

  /// nil when no task ships under this name.
  public static func task(named name: String) throws -> MeasurementTask? {
    guard let file = files.first(where: { $0.key == name })?.value else { return nil }
    if let task = parsed.withLock({ $0[name] }) { return task }
    let task = try MeasurementTask(name: name, bytes: file.bytes, path: name, kind: file.kind, strict: true)
    parsed.withLock { $0[name] = task }
    return task
  }
}
