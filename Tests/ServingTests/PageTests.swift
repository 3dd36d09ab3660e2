import FoundationEssentials
import Labelling
import Serving
import TestSupport
import Testing

@Suite("Pages and the OpenAPI document")
struct PageTests {
    struct OpenAPI: Decodable {
        struct Operation: Decodable {
            struct Answer: Decodable {}

            let summary: String
            let responses: [String: Answer]
            let security: [[String: [String]]]?
        }

        struct Info: Decodable {
            let version: String
        }

        struct Components: Decodable {
            let schemas: [String: Schema]
        }

        struct Schema: Decodable {
            let properties: [String: Property]?
        }

        struct Property: Decodable {
            let `enum`: [String]?

            init(from decoder: any Decoder) throws {
                `enum` = try? decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .enum)
            }

            private enum CodingKeys: String, CodingKey {
                case `enum`
            }
        }

        let openapi: String
        let info: Info
        let paths: [String: [String: Operation]]
        let components: Components
    }

    @Test("/openapi.json and the documentation list every code of problem documents")
    func problemCodes() async throws {
        let codes = ProblemCode.allCases.map(\.rawValue)
        let page = try String(
            contentsOf: Locations.root.appending(path: "Documentation/problems.md"), encoding: .utf8)
        for code in ProblemCode.allCases {
            let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(code.rawValue)` |") }
            #expect(row?.contains("| \(code.title). |") == true, "\(code.rawValue)")
        }
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let api = try await server.send(.request("GET /openapi.json")).document(OpenAPI.self)
            #expect(api.components.schemas["Problem"]?.properties?["code"]?.enum == codes)
        }
    }

    @Test("/openapi.json has exactly the routes and statuses of the metrics")
    func openAPI() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let api = try await server.send(.request("GET /openapi.json")).document(OpenAPI.self)
            #expect(api.openapi == "3.1.0" && api.info.version == version)
            let documented = api.paths.flatMap { path, operations in
                operations.flatMap { method, operation in
                    operation.responses.keys.map {
                        "route=\"\(path)\",method=\"\(method.uppercased())\",status=\"\($0)\""
                    }
                }
            }
            let metrics = try await server.send(.request("GET /metrics")).text
            let prefix = "rubricator_requests_total{"
            let counted = metrics.split(separator: "\n").filter { $0.hasPrefix(prefix) && !$0.contains("route=\"*\"") }
                .map { String($0.dropFirst(prefix.count).prefix { $0 != " " }.dropLast()) }
            #expect(Set(documented) == Set(counted))
            #expect(counted.count > 60)
            // Nobody needs a key for what is documented to need none, and for nothing else.
            for (path, operations) in api.paths {
                for (method, operation) in operations {
                    #expect(
                        (operation.responses["401"] == nil) == (operation.security?.isEmpty == true),
                        "\(method) \(path)")
                }
            }
        }
    }

    @Test(
        "Pages load nothing from other hosts",
        arguments: [
            ("/", "text/html"), ("/docs", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript"),
            ("/docs.js", "text/javascript"), ("/openapi.json", "application/json"),
        ])
    func pages(path: String, type: String) async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let answer = try await server.send(.request("GET \(path)", fields: ["Accept: \(type)"]))
            #expect(answer.status == 200 && answer[field: "content-type"]?.hasPrefix(type) == true)
            #expect(
                answer[field: "content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
            #expect(answer[field: "x-content-type-options"] == "nosniff")
            if type == "text/html" {
                #expect(!answer.text.contains("http"), "a page names another host")
                #expect(!answer.text.contains("style=") && !answer.text.contains("onclick"))
            }
        }
    }

    private struct Welcome: Decodable {
        let message: String
        let model: String
    }

    @Test(
        "/ answers browsers with a page and other clients with a greeting",
        arguments: [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true), ("text/html", true),
            ("*/*", false), ("application/json", false), ("application/json, text/html;q=0.5", false),
            ("text/html;q=0", false), ("", false),
        ])
    func greeting(accept: String, isPage: Bool) async throws {
        try await RunningServer.with(.tiny("multilabel")) { server in
            let answer = try await server.send(
                .request("GET /", fields: accept.isEmpty ? [] : ["Accept: \(accept)"]))
            #expect(answer.status == 200 && answer[field: "vary"]?.hasPrefix("accept") == true)
            if isPage {
                #expect(answer[field: "content-type"]?.hasPrefix("text/html") == true)
            } else {
                let welcome = try answer.document(Welcome.self)
                #expect(welcome.message.contains("/predict") && !welcome.model.isEmpty)
            }
        }
    }
}
