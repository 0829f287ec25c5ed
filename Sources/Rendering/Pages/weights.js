"use strict";
// The weights of a page of attention: `data.weights` has those of each head in 8 bits, as AttentionWeights.swift writes them, all of
// them or of each query the `kept` greatest.

/** What reads what: `reads(head, query, visit)` and `readBy(head, key, visit)` call `visit(token, weight)` for each edge. */
function attentionWeights(data) {
  const { kept } = data;
  const n = data.tokens.length;
  const weightOf = Float32Array.from({ length: 256 }, (_, code) => (code / 255) ** 2);
  const decoded = new Map();

  function weights(head) {
    if (!decoded.has(head)) {
      const letters = atob(data.weights[head]);
      const bytes = new Uint8Array(letters.length);
      for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
      const keys = kept === n ? null : new Uint16Array(n * kept);
      for (let place = 0; keys && place < keys.length; place++) keys[place] = bytes[2 * place] | bytes[2 * place + 1] << 8;
      const start = keys ? 2 * n * kept : 0;
      decoded.set(head, { keys, codes: bytes.subarray(start, start + n * kept), rest: bytes.subarray(start + n * kept) });
    }
    return decoded.get(head);
  }

  /** Calls `visit(key, weight)` for what `query` reads by a head. */
  function reads(head, query, visit) {
    const { keys, codes } = weights(head);
    for (let place = query * kept; place < (query + 1) * kept; place++) {
      if (codes[place]) visit(keys ? keys[place] : place - query * n, weightOf[codes[place]]);
    }
  }

  /** Calls `visit(query, weight)` for what reads `key` by a head. */
  function readBy(head, key, visit) {
    const { keys, codes } = weights(head);
    if (!keys) {
      for (let query = 0; query < n; query++) {
        const code = codes[query * n + key];
        if (code) visit(query, weightOf[code]);
      }
      return;
    }
    for (let place = 0; place < codes.length; place++) {
      if (keys[place] === key && codes[place]) visit(Math.floor(place / kept), weightOf[codes[place]]);
    }
  }

  /** What is left of a query's weights beside those that are here. */
  const rest = (head, query) => (kept === n ? 0 : weightOf[weights(head).rest[query]]);

  return { reads, readBy, rest };
}
