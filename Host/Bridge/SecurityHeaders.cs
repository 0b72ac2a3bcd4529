using Microsoft.AspNetCore.Http;

namespace LanCollab.Host.Bridge;

/// <summary>What every response carries.</summary>
internal static class SecurityHeaders
{
    // blob: for pictures, videos and workers that the page makes itself. Trusted types: text never becomes markup or a foreign script.
    private const string Policy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

    public static void Apply(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
