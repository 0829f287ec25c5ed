/// The tasks that ship with the program; `Resources/SOURCES.md` says where they come from.
public enum BuiltInTasks {
  private static let files: KeyValuePairs<String, [UInt8]> = [
    "sva_obj": PackageResources.sva_obj_tsv, "sva_subj": PackageResources.sva_subj_tsv,
    "sva_comp": PackageResources.sva_comp_tsv, "sva_prep": PackageResources.sva_prep_tsv,
    "reflexive_number": PackageResources.reflexive_number_tsv,
    "reflexive_gender": PackageResources.reflexive_gender_tsv,
  ]

  public static var names: [String] { files.map(\.key) }

  /// nil when no task ships under this name.
  public static func task(named name: String) throws -> MaskedTask? {
    guard let file = files.first(where: { $0.key == name }) else { return nil }
    return try MaskedTask(name: name, tsv: String(decoding: file.value, as: UTF8.self), path: name)
  }
}
