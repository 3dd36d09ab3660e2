"""Sends requests with Triton's unmodified client and compares the answers with those of /predict.

check_open_inference.py PROGRAM
"""

import json
import sys
import urllib.request

import numpy
import tritonclient.http as triton

from service import running

TEXTS = [
    "Falls are common in older adults. We randomised 740 adults. The rate did not differ.",
    "Prüfung: 3 of 5 fell.",
]


def decoded(values):
    return [value.decode() if isinstance(value, bytes) else value for value in values]


def main(program):
    with running(program) as url:
        request = urllib.request.Request(
            url + "/predict", json.dumps({"abstracts": TEXTS}).encode(), {"Content-Type": "application/json"}
        )
        expected = [abstract["sentences"] for abstract in json.load(urllib.request.urlopen(request))["abstracts"]]
        flat = [(index, sentence) for index, sentences in enumerate(expected) for sentence in sentences]

        client = triton.InferenceServerClient(url.removeprefix("http://"))
        assert client.is_server_live() and client.is_server_ready()
        assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
        name = json.load(urllib.request.urlopen(url + "/info"))["model"]
        assert client.is_model_ready(name) and client.is_model_ready(name, "1")
        metadata = client.get_model_metadata(name)
        assert [tensor["name"] for tensor in metadata["inputs"]] == ["abstracts"]
        asked = 0
        for shape in ([2], [2, 1]):
            for binary_input in (True, False):
                tensor = triton.InferInput("abstracts", shape, "BYTES")
                tensor.set_data_from_numpy(
                    numpy.array(TEXTS, dtype=numpy.object_).reshape(shape), binary_data=binary_input
                )
                for outputs in (
                    None,
                    [
                        triton.InferRequestedOutput(output["name"], binary_data=binary)
                        for output in metadata["outputs"]
                        for binary in (False,)
                    ],
                ):
                    for coding in (None, "gzip"):
                        answer = client.infer(
                            name,
                            [tensor],
                            outputs=outputs,
                            model_version="1",
                            request_id="a request",
                            request_compression_algorithm=coding,
                            response_compression_algorithm=coding,
                        )
                        assert answer.get_response()["id"] == "a request"
                        assert decoded(answer.as_numpy("labels")) == [sentence["label"] for _, sentence in flat]
                        assert answer.as_numpy("sentences").tolist() == [[i, s["start"], s["end"]] for i, s in flat]
                        scores = answer.as_numpy("scores")
                        wanted = numpy.array([list(sentence["scores"].values()) for _, sentence in flat])
                        assert scores.dtype == numpy.float32 and numpy.abs(scores - wanted).max() < 1e-5
                        assert [
                            json.loads(one)["sentences"][0]["text"] for one in decoded(answer.as_numpy("answers"))
                        ] == [sentences[0]["text"] for sentences in expected]
                        asked += 1
        for wrong in (
            lambda: client.infer("nobody", [tensor]),
            lambda: client.infer(name, [tensor], model_version="9"),
        ):
            try:
                wrong()
            except triton.InferenceServerException as error:
                assert error.status() == "404" and error.message().startswith("there is no "), error
            else:
                raise SystemExit("a request for an unknown model or version was answered")
        print(f"tritonclient: {asked} kinds of request, the same labels in all")


if __name__ == "__main__":
    main(sys.argv[1])
