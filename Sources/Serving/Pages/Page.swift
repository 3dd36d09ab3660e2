internal import HTTPTypes
import Hummingbird

/// A document that the program carries with it, for people who look at the service in a browser.
struct Page {
    let endpoint: Endpoint
    private let mediaType: String
    private let content: [UInt8]

    /// Where an abstract is pasted in.
    static let start = Page(
        endpoint: .page, mediaType: "text/html; charset=utf-8", content: PackageResources.index_html)

    /// What the start page loads, and the others.
    static let others = [
        Page(endpoint: .pageStyle, mediaType: "text/css; charset=utf-8", content: PackageResources.page_css),
        Page(endpoint: .pageScript, mediaType: "text/javascript; charset=utf-8", content: PackageResources.page_js),
        Page(endpoint: .documentation, mediaType: "text/html; charset=utf-8", content: PackageResources.docs_html),
        Page(
            endpoint: .documentationScript, mediaType: "text/javascript; charset=utf-8",
            content: PackageResources.docs_js),
        Page(endpoint: .openAPI, mediaType: "application/json", content: PackageResources.openapi_json),
    ]

    /// Nothing but what this service itself serves may be loaded, run or embedded.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    func response() -> Response {
        var response = Response(content: content, mediaType)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "max-age=300"
        return response
    }
}
