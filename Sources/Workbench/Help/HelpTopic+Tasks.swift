import Language

extension HelpTopic {
  static let tasks = HelpTopic(
    name: "tasks", summary: "sentences with right answers, and what is measured on them",
    text: """
      A task is a list of rows. Six kinds (`task` alone lists the tasks that ship with the program):
        masked    a sentence with [MASK], the right and the wrong word; the quantity is correct - wrong
        labels    a sentence and its label, for a classifier; the right label's logit less the mean of the others
        prefixes  a text and what follows it, right and wrong, as written, for a causal model
        greater_than  a text that two digits follow: probability of those above the label less that of the others
        pairs     a good and a bad sentence (BLiMP); the difference of their scores (`help score`)
        text      sentences; only scored
      A row is right when its quantity is above 0; of labels, when the right label has the largest logit, which for two
      labels is the same. Every row has a case, such as SP: singular, then plural.
        measure sva_obj                     accuracy and mean quantity, of all rows and of each case
        measure sva_obj rows=20 case=SP     only the first rows, only one case
        task "my.tsv" as mine               a file of your own; `help task` tells how rows are written
        for r in mine.rows { print r.line r.sentence r.correct }
        patterns mine                       the patterns of every row
        sweep heads on=mine                 each head replaced in turn: which ones matter?
        experiment concentration on=mine    the measurements of the paper
        ablate L3H5 by=mean on=mine         replace a head by its mean over the rows
      A row may have a counterfactual, the same sentence but for what decides: a column counterfactual, corrupted or
      patch_prefix, or the sixth column of masked rows. It has as many tokens, or the row is a bad one.
        sweep heads on=ioi by=counterfactual                      each head's value from it (activation patching)
        sweep heads on=ioi by=counterfactual direction=denoise    the other way round
        patterns ioi baseline=counterfactual                      patterns of the difference
      Rows whose words are no single pieces of the model's vocabulary are left out with a warning that says which;
      with `strict` they are an error.
      """)

  static let quantities = HelpTopic(
    name: "quantities", summary: "quantities of interest: what influences are influences on",
    text: """
      `qoi` sets it; `qoi` alone shows it, `qoi none` clears it. It is a sum of outputs of the network:
        qoi is - are                    logit of `is` less that of `are` at the text's [MASK]
        qoi is - are at=5               read at position 5 instead
        qoi logprob[is]                 log-probability; prob[is] probability; logit[is] as `is`
        qoi 0.5 * is + 0.5 * was - are  weights stand before `*`
        qoi label[1] - label[0]         a classifier's outputs, by number from 0 or by name: label[positive]
        qoi prob[{"33".."99"}] - prob[{"00".."32"}]  sums over sets of entries, {is, was} or two-digit numerals
        qoi ##s - ##ed                  pieces of words; any other # behind a blank begins a comment
      Signs stand between blanks. A word is one entry of the vocabulary (Tab completes); words that look like signs
      are quoted: qoi "-" - ",". A label in quotes is a name, also where names are numbers: label["1"]; without quotes
      what is the name of one class and the number of another is an error. Probabilities of labels are a softmax over
      them; of labels that do not exclude each other (multi-label) each is a sigmoid, a regression has none. `forward`
      shows its value, `influence` and `patterns` say which words it comes from:
        load "demo"
        text "the author that the guards like [MASK] young ."
        qoi is - are
        influence                       adds up to the difference between the text and the baseline
      `baseline` chooses what that difference is taken to. A task's rows bring their own.
      """)

  static let nodes = HelpTopic(
    name: "nodes", summary: "names of nodes and tensors",
    text: """
      Layers, heads and positions count from 0; [CLS] is position 0.
        embed@7         h^0 at position 7
        L3@7            block 3's output at position 7
        L3H5, L3H5@7    head 5's context vector, at all positions or one
        L3H5.q@7 .k .v  its query, as it meets keys; a key or a value of a key head, which several heads may share
        L3.skip@7       the attention block's skip connection
        L3.attn, L3.mlp whole attention output, whole feed-forward output
        L3.mlp_skip@7   the feed-forward branch's skip connection
        L3.mlp[512]     one feed-forward neuron
        L0-5H{1,4}      sets; L3H* L*H*; {expressions} as in L{l}H{h}
        L3H7@7<-2       attention edge: head 7 of layer 3 at position 7 reading position 2; sets L3H*@7<-{2,5}, L0-3H*@*<-2
      Tensors, for the current text (n tokens, A heads of dh, d hidden, I intermediate, V words):
        embed, L3.resid_pre, L3.resid_mid_raw, L3.resid_mid, L3.resid_post_raw, L3.resid_post  (n, d)
        L3.q .k .v .z (n, A, dh)    L3.scores, L3.pattern (A, n, n): head, query, key
        L3.attn_out, L3.mlp_out (n, d)    L3.mlp_pre, L3.mlp_post (n, I)
        pooled (d)    logits (n, V)    class_logits (C)    weight("checkpoint.name")
      Also read: blocks.3.attn.hook_pattern, blocks.3.attn.hook_z, 3.5 and a3.h5 for a head.
      A set is gone through node by node: for n in L3H* { ablate n }. Verbs take names in strings too: ablate row.node
      """)
}
