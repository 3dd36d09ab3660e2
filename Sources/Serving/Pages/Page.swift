internal import HTTPTypes
import Hummingbird

/// A page for browsers, or a part of one, embedded in the program.
struct Page {
    let endpoint: Endpoint
    private let mediaType: String
    private let content: [UInt8]

    /// The demo page, with a form for an abstract.
    static let start = Page(
        endpoint: .page, mediaType: "text/html; charset=utf-8", content: PackageResources.index_html)

    /// The files that the demo page loads, and the other pages.
    static let others = [
        Page(endpoint: .pageStyle, mediaType: "text/css; charset=utf-8", content: PackageResources.page_css),
        Page(endpoint: .pageScript, mediaType: "text/javascript; charset=utf-8", content: PackageResources.page_js),
        Page(endpoint: .documentation, mediaType: "text/html; charset=utf-8", content: PackageResources.docs_html),
        Page(
            endpoint: .documentationScript, mediaType: "text/javascript; charset=utf-8",
            content: PackageResources.docs_js),
        Page(endpoint: .openAPI, mediaType: "application/json", content: PackageResources.openapi_json),
    ]

    /// A content security policy that lets pages load and run only files of this service.
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
