"""The HTTP requests that are recorded, by service."""

import dataclasses
import gzip
import json

import inputs


@dataclasses.dataclass
class Request:
    method: str
    path: str
    title: str = ""
    body: object = None
    headers: dict = dataclasses.field(default_factory=dict)
    book: str = "answers"
    keeps: str = ""  # of an answer in another book: what matches is kept, each once


def post(path, body, title="", **headers):
    fields = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", path, title, body if isinstance(body, (str, bytes)) else json.dumps(body), fields)


def predict(body, title="", path="/predict", **headers):
    return post(path, body, title or json.dumps(body)[:60], **headers)


TENSOR = {"name": "abstracts", "datatype": "BYTES", "shape": [2], "data": [inputs.PLAIN, inputs.ABSTRACT]}
INFER = "/v2/models/rubricator-minilm-l6/infer"
LINES = "\n".join([json.dumps({"text": inputs.PLAIN}), "{", '{"text": ""}', json.dumps(inputs.ABSTRACT)])

SHIPPED = [
    predict({"abstract": inputs.PLAIN}),
    predict({"abstract": inputs.ABSTRACT}),
    predict({"abstract": inputs.ABSTRACT, "headings": "ignore"}, "headings ignored"),
    predict({"sentences": ["The risk of stroke is high.", "We counted strokes.", " "]}),
    predict({
        "abstracts": ["One sentence.", {"id": "a", "text": inputs.PLAIN}, {"id": "b", "sentences": ["A.", "B."]}],
    }),
    predict({"abstracts": ["Good.", "", {"id": "b"}, 3]}),
    predict({"abstract": inputs.PLAIN * 30}, "a long abstract"),
    predict({
        "abstract": "\u4e2d\u6587\u3002 na\u00efve \U0001f9e0\u200b e\u0301t\u00e9. \u0000 end.",
    }, "unusual characters"),
    predict(inputs.PLAIN, "plain text", content_type="text/plain"),
    predict(inputs.PLAIN, "plain text in another encoding", content_type="text/plain; charset=latin1"),
    predict(gzip.compress(json.dumps({"abstract": "We counted."}).encode(), mtime=0), "gzip", content_encoding="gzip"),
    predict(b"\x1f\x8b\x08 not gzip", "damaged gzip", content_encoding="gzip"),
    predict("x", "unknown encoding", content_encoding="br"),
    predict({"abstract": inputs.PLAIN}, "a compressed answer", accept_encoding="gzip"),
    predict(LINES, "lines", content_type="application/x-ndjson"),
    predict({"texts": ["A text."]}),
    predict({}), predict([]), predict("", "nothing"), predict("{", "half an object"), predict("nul", "half a word"),
    predict('{"abstract": "a", "abstract": "b"}', "a name twice"), predict({"abstract": 3}), predict({"abstract": ""}),
    predict({"sentences": "A."}), predict({"sentences": []}), predict({"sentences": ["A.", None]}),
    predict({"abstract": "A.", "sentences": ["A."]}), predict({"abstract": "A.", "headings": "maybe"}),
    predict({"abstract": "A.", "colour": "red"}), predict({"abstracts": []}), predict({"abstracts": {"id": "a"}}),
    predict({"abstracts": [{"id": 3, "text": "A."}]}), predict({"abstracts": [{"text": "A.", "sentences": ["A."]}]}),
    predict({"abstracts": ["A."] * 1001}, "too many abstracts"),
    predict({"sentences": ["A."] * 20001}, "too many sentences"),
    predict(b'{"abstract": "\xff"}', "not UTF-8"), predict('{"abstract": "\\ud800"}', "half a surrogate pair"),
    predict("[" * 100_000, "deep nesting"), predict("x" * 8_400_000, "a body of 8.4 MB"),
    predict({"abstract": "A."}, "no content type", content_type=""),
    predict({"abstract": "A."}, "an unsupported content type", content_type="application/xml"),
    predict({"abstract": "A."}, "an absent model", path="/predict?model=absent"),
    predict({"abstract": "A."}, "a timeout that is no number", x_request_timeout="soon"),
    Request("GET", "/health"), Request("GET", "/health/ready"), Request("GET", "/health/live"), Request("GET", "/info"),
    Request("HEAD", "/health"), Request("GET", "/predict"), Request("GET", "/nothing"), Request("DELETE", "/health"),
    Request("GET", "/info?model=absent"), Request("POST", "/admin/reload"), Request("OPTIONS", "/predict"),
    Request("GET", "/"),
    Request("GET", "/", "as a browser", headers={"accept": "text/html"}, book="output", keeps="^.*$"),
    Request("GET", "/docs", book="output", keeps="^.*$"), Request("GET", "/openapi.json", book="output", keeps="^.*$"),
    Request("GET", "/metrics", book="output", keeps="^# .*$"),
    Request("GET", "/v2"), Request("GET", "/v2/health/live"), Request("GET", "/v2/health/ready"),
    Request("GET", "/v2/models/rubricator-minilm-l6"), Request("GET", "/v2/models/rubricator-minilm-l6/ready"),
    Request("GET", "/v2/models/absent"), Request("GET", "/v2/models/rubricator-minilm-l6/versions/9"),
    post(INFER, {"id": "i", "inputs": [TENSOR], "outputs": [{"name": "labels"}, {"name": "scores"}]}, "two outputs"),
    post(INFER, {"inputs": [TENSOR], "parameters": {"headings": "ignore"}}, "headings ignored"),
    post(INFER, {}, "nothing"), post(INFER, [], "an array"), post(INFER, {"inputs": []}, "no input"),
    post(INFER, {"inputs": [TENSOR | {"datatype": "FP32"}]}, "numbers"),
    post(INFER, {"inputs": [TENSOR | {"shape": [3]}]}, "another shape"),
    post(INFER, {"inputs": [TENSOR | {"name": "texts"}]}, "another name"),
    post(INFER, {"inputs": [TENSOR], "outputs": [{"name": "colours"}]}, "an absent output"),
]  # fmt: skip

GUARDED = [
    predict({"abstract": "A."}, "without a key"),
    predict({"abstract": "A."}, "with a wrong key", authorization="Bearer wrong"),
    predict({"abstract": "A."}, "with a key", authorization="Bearer secret-key-for-recording"),
    predict({"abstract": "A. B. C. D."}, "more sentences than allowed",
            authorization="Bearer secret-key-for-recording"),
    predict("x" * 5000, "a larger body than allowed", authorization="Bearer secret-key-for-recording"),
    Request("OPTIONS", "/predict", "before a page asks",
            headers={"origin": "https://example.org", "access-control-request-method": "POST"}),
    Request("POST", "/admin/reload"),
    Request("POST", "/admin/reload", "with a key", headers={"authorization": "Bearer secret-key-for-recording"}),
]  # fmt: skip

TEXTS = [
    predict({"texts": ["The risk of stroke.", "", "We counted."]}), predict({"texts": []}), predict({"texts": [3]}),
    predict({"abstract": "A."}), predict("The risk of stroke.", "plain text", content_type="text/plain"),
    Request("GET", "/info"),
]  # fmt: skip

# Name, options, checkpoint and requests of each service.
SERVICES = [
    ("shipped", ["--threads", "2"], "{root}/Models", SHIPPED),
    (
        "guarded",
        ["--threads", "1", "--precision", "int8", "--api-keys", "{dir}/keys.txt", "--admin-reload", "key",
         "--cors-origin", "https://example.org", "--max-sentences", "3", "--max-body-bytes", "4096"],
        "{root}/Models", GUARDED,
    ),
    ("multi-label", ["--threads", "1"], "{fixtures}/checkpoints/multilabel", TEXTS),
    ("one label", ["--threads", "1"], "{fixtures}/checkpoints/uncased-single-f32", TEXTS),
]  # fmt: skip
