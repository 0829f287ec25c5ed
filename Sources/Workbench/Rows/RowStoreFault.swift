import ExactText
import Faults

/// What rows cannot be put together.
enum RowStoreFault: Fault, Equatable {
  /// Without what all rows have in common.
  case noCommon(path: String)
  case doubled(path: String, row: Int)
  /// What names no shares.
  case noShares(String)
  /// A table in the place of files.
  case tableToMerge

  var code: String {
    switch self {
    case .noCommon: "gather-no-common"
    case .doubled: "gather-doubled"
    case .noShares: "bad-shares"
    case .tableToMerge: "wrong-type"
    }
  }

  var message: String {
    switch self {
    case .noShares(let pattern): "`\(pattern)` does not name the shares of a file"
    case .tableToMerge: "`merge` puts files of rows together; tables are joined by `join(t, u, by=NAME)`"
    case .doubled(let path, let row): "row \(row) is twice in the shares of \(path)"
    case .noCommon(let path): "\(path) does not tell what its rows were compared with"
    }
  }

  var remedy: String? {
    switch self {
    case .noShares: "for NAME.EXT in eight shares write \"NAME.*-of-8.EXT\""
    case .tableToMerge: "`concat(t, u)` puts the rows of one behind those of the other"
    case .noCommon, .doubled: "compute it again in another file"
    }
  }
}
