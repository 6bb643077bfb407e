"""Makes the small models and tokenizers of these tests, and what the original libraries answer.

python3 -m venv v && v/bin/pip install tokenizers==0.23.3 onnx==1.23.2 onnxruntime==1.32.0
v/bin/python make.py

tiny/            a classifier in the layout of an export: BERT's tokenizer, and words that add to labels
int32.onnx       a model whose input is of int32
int64.onnx       a model whose output is of int64
slow.onnx        a model with the same inputs that does not end
bytelevel.json   a tokenizer as RoBERTa's
golden.json      numbers and likelihoods by text, from the libraries "tokenizers" and "onnxruntime"
"""
import json
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
LABELS = ["none", "promissory", "advice"]
# What a word adds to promissory and advice.
WORDS = {"guaranteed": (4, 0), "promise": (3, 0), "double": (2, 1), "buy": (0, 4), "sell": (0, 4), "now": (0, 1)}
POSITIONS = 32

TEXTS = [
    "",
    " ",
    "Guaranteed returns: we promise to double your money.",
    "Buy now, sell later!",
    "Lunch was fine.",
    "GUARANTEED!!!  guaranteed\tguaranteed\n",
    "Café naïve Ångström İstanbul",
    "don't can't I'll we've she'd it's you're I'm 'tis",
    "東京で会いましょう now",
    "🚀🚀 to the moon 🌕",
    "e\u0301 and \u00e9, \u200bzero\u200bwidth, soft\u00adhyphen",
    "a" * 100 + " " + "a" * 101,
    "x" * 3000,
    "##ing ## # 100% $5 a_b ^ ~ `",
    "    two   blanks  \n\n and lines \r\n\t end  ",
    "no\u00a0break\u2003em\u3000wide\u0085next\vtab",
    "\ufffd \x00 \x1f \ue000",
    "buy " * 200,
    "Ελλάδα ΟΔΟΣ привет Ёлка हिन्दी",
]
CORPUS = TEXTS + [
    "We guarantee nothing, and nobody can promise a return.",
    "Sell in May and go away, they say; I would not buy that.",
    "The meeting moved to Thursday because the room was taken.",
    "Thank you for ten years with this team, and for the cake.",
    "Markets fell today; our office dog did not notice.",
    "They said that he would double down on doubling the budget.",
]


def wordpiece():
    """The vocabulary is written, not trained: training does not give the same one twice."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    chars = list("abcdefghijklmnopqrstuvwxyz0123456789!#$%&',./:;<>[]^_`~")
    whole = list("東京で会い🚀λοп") + ["the", "to", "re", "return", "cafe", "naive", "we", "привет"]
    inner = ["##" + piece for piece in [*"abcdefghijklmnopqrstuvwxyz0123456789🚀αδεκλοσ", "ing", "ed", "turn", "turns", "##ing"]]
    t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(special + chars + whole + list(WORDS) + inner)}, unk_token="[UNK]"))
    t.add_special_tokens(special)
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(s, t.token_to_id(s)) for s in ("[CLS]", "[SEP]")])
    t.save(os.path.join(HERE, "tiny", "tokenizer.json"), pretty=False)
    return t


def bytelevel():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    t.train_from_iterator(CORPUS, trainer)
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    t.save(os.path.join(HERE, "bytelevel.json"), pretty=False)
    return t


def classifier(t):
    """Logits = sum over the tokens of what each adds, plus a bias; positions beyond POSITIONS fail as in BERT."""
    adds = np.zeros((t.get_vocab_size(), len(LABELS)), np.float32)
    for word, (promissory, advice) in WORDS.items():
        adds[t.token_to_id(word)] = (0, promissory, advice)
    constants = {
        "adds": adds,
        "positions": np.zeros((POSITIONS, len(LABELS)), np.float32),
        "bias": np.array([3, 0, 0], np.float32),
        "one": np.array(1, np.int64), "axis": np.array([1], np.int64), "last": np.array([2], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["adds", "input_ids"], ["words"]),
        node("CumSum", ["attention_mask", "one"], ["counted"]),
        node("Sub", ["counted", "one"], ["places"]),
        node("Gather", ["positions", "places"], ["placed"]),
        node("Add", ["words", "placed"], ["embedded"]),
        node("Cast", ["attention_mask"], ["flat"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["flat", "last"], ["mask"]),
        node("Mul", ["embedded", "mask"], ["masked"]),
        node("ReduceSum", ["masked", "axis"], ["sum"], keepdims=0),
        node("Add", ["sum", "bias"], ["logits"]),
    ]
    row = ["batch", "sequence"]
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, row) for n in ("input_ids", "attention_mask", "token_type_ids")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS)])],
        [numpy_helper.from_array(v, k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make.py")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, os.path.join(HERE, "tiny", "model.onnx"))
    config = {"model_type": "bert", "problem_type": "single_label_classification", "max_position_embeddings": POSITIONS,
              "id2label": {str(i): label for i, label in enumerate(LABELS)}}
    with open(os.path.join(HERE, "tiny", "config.json"), "w") as f:
        json.dump(config, f, indent=2)


def slow():
    """Multiplies a matrix with itself for ever."""
    node, info = helper.make_node, helper.make_tensor_value_info
    body = helper.make_graph(
        [node("Identity", ["more"], ["on"]), node("MatMul", ["x", "x"], ["y"])], "body",
        [info("i", TensorProto.INT64, []), info("more", TensorProto.BOOL, []), info("x", TensorProto.FLOAT, [64, 64])],
        [info("on", TensorProto.BOOL, []), info("y", TensorProto.FLOAT, [64, 64])])
    constants = {"size": np.array([64, 64], np.int64), "times": np.array(2**62, np.int64), "yes": np.array(True),
                 "from": np.array([0, 0], np.int64), "to": np.array([1, 3], np.int64)}
    graph = helper.make_graph(
        [node("ConstantOfShape", ["size"], ["start"]), node("Loop", ["times", "yes", "start"], ["end"], body=body),
         node("Slice", ["end", "from", "to"], ["logits"])], "slow",
        [info("input_ids", TensorProto.INT64, ["batch", "sequence"])], [info("logits", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(v, k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make.py")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, os.path.join(HERE, "slow.onnx"))


def echo(name, kind):
    """Answers with its input, of the wrong type."""
    port = helper.make_tensor_value_info
    graph = helper.make_graph([helper.make_node("Identity", ["input_ids"], ["logits"])], name,
                              [port("input_ids", kind, ["batch", "sequence"])], [port("logits", kind, ["batch", "sequence"])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make.py")
    onnx.save(model, os.path.join(HERE, name + ".onnx"))


def likelihoods(session, ids):
    ids = np.array([ids], np.int64)
    logits = session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})[0][0]
    e = np.exp(logits.astype(np.float64) - logits.max())
    return dict(zip(LABELS, (e / e.sum()).round(6).tolist()))


def main():
    os.makedirs(os.path.join(HERE, "tiny"), exist_ok=True)
    words, letters = wordpiece(), bytelevel()
    classifier(words)
    slow()
    echo("int32", TensorProto.INT32)
    echo("int64", TensorProto.INT64)
    session = onnxruntime.InferenceSession(os.path.join(HERE, "tiny", "model.onnx"))
    golden = []
    for text in TEXTS:
        case = {"text": text, "wordpiece": words.encode(text).ids, "bytelevel": letters.encode(text).ids}
        words.enable_truncation(POSITIONS)
        case["likelihoods"] = likelihoods(session, words.encode(text).ids)
        words.no_truncation()
        golden.append(case)
    with open(os.path.join(HERE, "golden.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in golden) + "\n]\n")


main()
