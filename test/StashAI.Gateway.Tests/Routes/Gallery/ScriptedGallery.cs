using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>The answers of a face service whose gallery has one person, Ann, with one face.</summary>
internal static class ScriptedGallery
{
    public const string Ann = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b";
    public const string Face = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c";

    public const string Bea = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5d";

    private const string Rejection =
        """{"id":"0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a01","source":"embedding:x","created_at":"2030-01-31T08:00:00Z"}""";

    /// <param name="call">The call.</param>
    /// <param name="url">The address of the service.</param>
    public static Reply Answer(ScriptedCall call, string url)
    {
        var person = $$"""
            {"id":"{{Ann}}","name":"Ann","image":"{{url}}/api/gallery/people/{{Ann}}/picture?signature=x","faces":2,
            "created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
            """;
        return (call.Method, call.Path.Split('?')[0]) switch
        {
            ("GET", "/api/gallery/people") => Reply.Json($$"""{"people":[{{person}}],"total_count":7,"next_after":"after"}"""),
            ("GET", "/api/gallery/export") => Reply.Status(200, "{}\n", contentType: "application/x-ndjson"),
            ("POST", "/api/gallery/import") => Reply.Json("""{"people_added":1,"faces_added":2}"""),
            ("GET", var path) when path.EndsWith("/picture", StringComparison.Ordinal) =>
                Reply.Status(200, "jpeg", contentType: "image/jpeg"),
            ("GET", var path) when path.EndsWith("/faces", StringComparison.Ordinal) =>
                Reply.Json($$"""{"faces":[{"id":"{{Face}}","quality":4.1,"created_at":"2030-01-31T08:00:00Z"}]}"""),
            ("DELETE", var path) when path.Contains("/rejections/", StringComparison.Ordinal) => Reply.Json(Rejection),
            (_, var path) when path.EndsWith("/rejections", StringComparison.Ordinal) =>
                Reply.Json($$"""{"rejections":[{{Rejection}}]}"""),
            ("POST", var path) when path.EndsWith("/split", StringComparison.Ordinal) =>
                Reply.Json($$"""{"from":{{person}},"into":{{person.Replace(Ann, Bea, StringComparison.Ordinal)}}}"""),
            ("DELETE", _) => Reply.Status(204),
            _ => Reply.Json(person),
        };
    }
}
