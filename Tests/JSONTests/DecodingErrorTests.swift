import FoundationEssentials
import JSON
import Testing

@Suite("Reasons of decoding errors")
struct DecodingErrorTests {
    private struct Run: Decodable {
        var name: String
        var isWhole: Bool
        var epochs: [Epoch]
    }

    private struct Epoch: Decodable {
        var number: Int
        var loss: Double
    }

    @Test(
        "The reason names the member and the expected type in words",
        arguments: [
            ("{", "it is not valid JSON"),
            ("[]", "it is not an object"),
            (#"{"name":1,"isWhole":true,"epochs":[]}"#, "name has the wrong type; expected a string"),
            (#"{"name":null,"isWhole":true,"epochs":[]}"#, "name has the wrong type; expected a string"),
            (#"{"name":"a","isWhole":"yes","epochs":[]}"#, "isWhole has the wrong type; expected true or false"),
            (#"{"name":"a","isWhole":true,"epochs":{}}"#, "epochs has the wrong type; expected a list"),
            (#"{"name":"a","isWhole":true,"epochs":[3]}"#, "epochs[0] has the wrong type; expected an object"),
            (#"{"name":"a","isWhole":true,"epochs":[{"number":1}]}"#, "epochs[0].loss is missing"),
            (
                #"{"name":"a","isWhole":true,"epochs":[{"number":"1","loss":0}]}"#,
                "epochs[0].number has the wrong type; expected a whole number"
            ),
            (
                #"{"name":"a","isWhole":true,"epochs":[{"number":1,"loss":[]}]}"#,
                "epochs[0].loss has the wrong type; expected a number"
            ),
        ])
    func reason(json: String, says: String) throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(Run.self, from: Data(json.utf8))
        }
        #expect(error.reason == says)
    }
}
