import CKernels
import Faults
import Tensors

/// The one formula for the memory of a forward pass: what it allocates, weights apart.
///
///     workspace    8 d + I floats a token of BERT, for all layers in turn (``Workspace``)
///     activations  the captured sites, whole
///     a layer      the states of the tokens that heads read (d each), a copy of replaced skip connections (d a token), and
///                  for each thread what a head of a sequence needs: about n (2 dh + 1)
///     heads        V logits for each position asked for, and what the head makes of its state on the way (2 d)
///
/// The sum of all parts, which a pass holds at its end but for the threads'. Checked against the allocator by a test.
extension ForwardExtent {
  /// Bytes.
  public var memory: Int {
    Self.bytes(workspaceSize + capturedSize + layerSize + headsSize + scratchSize + edgesSize)
  }

  /// A pass that keeps the stream's summands apart, and those of the other texts.
  private var edgesSize: Int {
    guard request.patchesEdges, let space = try? EdgeSpace(configuration) else { return 0 }
    return EdgePass.floats(configuration, space, rows: rows, length: length)
  }

  /// Bytes of it that threads hold only while they attend.
  var scratch: Int { Self.bytes(scratchSize) }

  /// How many sequences like this one fit a budget.
  ///
  /// - Throws: ``MemoryFault`` when this one does not.
  public static func sequences(
    _ model: Transformer, _ request: ForwardRequest, length: Int, within budget: Int
  ) throws -> Int {
    let bytes = ForwardExtent(model, request, rows: 1, length: length).memory
    guard bytes <= budget else { throw MemoryFault(needed: bytes, budget: budget) }
    return budget / bytes
  }

  /// Bytes of some sites' activations.
  package static func bytes(
    of sites: some Collection<Site>, in configuration: TransformerConfiguration, rows: Int, length: Int
  ) -> Int {
    bytes(
      sites.reduce(0) { $0 + $1.shape(in: configuration, rows: rows, length: length).reduce(1, *) })
  }

  private static func bytes(_ floats: Int) -> Int { floats * MemoryLayout<Float>.stride }

  private var workspaceSize: Int {
    Workspace.size(tokens: tokens, configuration)
  }

  private var capturedSize: Int {
    request.capture.reduce(0) {
      $0 + $1.shape(in: configuration, rows: rows, length: length).reduce(1, *)
    }
  }

  private var layerSize: Int {
    let read = request.wordPositions.count + request.quantities.count + (wantsPooled ? rows : 0)
    let replacesSkips = request.interventions.contains { row in
      row.replacements.contains { [.skip, .feedForwardSkip].contains($0.node.component) }
    }
    // Where there is a final norm, states of its own.
    let final = readsHeads && configuration.blocks.hasFinalNorm ? tokensForHeads?.count ?? tokens : 0
    return (read + final) * hidden + (replacesSkips ? tokens * hidden : 0)
  }

  private var scratchSize: Int {
    BLAS.threads * ck_attention_scratch(length, length, configuration.headSize)
  }

  private var headsSize: Int {
    let (d, c) = (hidden, configuration)
    // Without a classifier nothing bounds what the configuration says.
    let classes = model.hasClassifier ? c.labels.count : 0
    let whole = min(wholeQuantities, ReadoutHead.rowsPerPart)
    let captured = request.capture.contains(Site(.logits)) ? tokens * d : 0
    return request.wordPositions.count * (2 * d + c.vocabulary) + wordQuantities.count * 2 * d
      + whole * (d + c.vocabulary) + (wantsPooled ? rows * (2 * d + classes) : 0) + captured
  }
}
