using System.Text.Json.Nodes;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>The descriptions of the routes that try services and show their calls.</summary>
internal static class TrialDocs
{
    public static ParameterDoc Operation { get; } = ParameterDoc.Query("operation", "The operation; the first by default.");

    public static ParameterDoc Save { get; } = Flag("save", "`true` writes the declaration into the folder of services (scope `admin`).");

    public static ParameterDoc Replace { get; } = Flag("replace", "With `save`: `true` replaces a declared service of this name.");

    public static ParameterDoc Call { get; } = Flag(
        "call",
        "`true` makes the call of the command once, and shows its answer: of an admin to its address, of others if a job may name that.");

    private static readonly TrialShape Trial = new(true, 361.2)
    {
        Request = new(
            "POST", "http://127.0.0.1:5000/translate", [new("Content-Type", "application/json")], """{"q":"The house is red."}"""),
        Answer = new(200, "application/json", 30, """{"translatedText":"La casa."}"""),
        Result = JsonValue.Create("La casa."),
    };

    public static RouteDoc Test { get; } = new("test-service", Chapter.Server, "Make one call to a service now, past the queue")
    {
        Description = "The body is that of `POST /api/{service}/task`: one item, checked as at a submit. Nothing is stored. The answer "
            + "shows the request, the answer (16 KB of each body), the result, and the error as a task would get it; secrets are masked. "
            + "The call obeys the outbound policy. 409 while the service is paused or outside its allowed hours; 429 while it "
            + "asked to wait, runs as many calls as it may, or another test runs. It takes no token of the rate, and a service "
            + "that is down is called.",
        Parameters = [ParameterDoc.ServiceName, Operation],
        HasFreeQuery = DeclaredForm.HasConfigInQuery,
        Body = BodyDoc.Of("TestRequest", () => new JsonObject { ["type"] = "object" }, """{"item":"The house is red."}"""),
        Answers = [AnswerDoc.Of(new ServiceTestShape("translation", "translate", Trial.Ok, Trial.DurationMs)
        {
            Request = Trial.Request,
            Answer = Trial.Answer,
            Result = Trial.Result,
        })],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Import { get; } = new("import-service", Chapter.Server, "Turn a curl command into a declaration")
    {
        Description = "The declaration sends the same request as the command, or the command is refused with the reason. Secrets become "
            + "variables of the server's environment. The server reads no files and no variables for a command: `@file` is refused. "
            + "201 with `save=true`. 409 for a name that is taken, and for a replacement that lacks an operation of open jobs or "
            + "schedules.",
        Parameters = [Save, Replace, Call],
        Body = BodyDoc.Of(new ServiceImportRequestShape("curl http://127.0.0.1:5000/translate -d q=hello")),
        Answers =
        [
            AnswerDoc.Of(new ServiceImportShape(
                "translate", "q", "name: translate\n...", [new("TRANSLATE_API_KEY", true, false)], false)),
            AnswerDoc.Of(
                new ServiceImportShape("translate", "q", "name: translate\n...", [], true), "The declaration is saved.",
                StatusCodes.Status201Created),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Curl { get; } = new("task-curl", Chapter.Read, "The call of a task as a curl command")
    {
        Description = "For a POSIX shell. Secrets are variables, listed in `variables`; files are fetched from this server as the command "
            + "runs. The command holds the address of the service and headers of its declaration, so it needs the job to be the caller's "
            + "own, or `operate`. Of items that share a call, it is the call of this one alone. 409 if there is no command.",
        Parameters = [ParameterDoc.Id],
        Answers =
        [
            AnswerDoc.Of(new TaskCurlShape(
                Samples.FailedTaskId, "translation",
                "curl -g 'http://127.0.0.1:5000/translate' \\\n  -H 'Authorization: Bearer '\"$TRANSLATION_API_KEY\" \\\n"
                    + "  --data-raw 'q=hello'",
                ["TRANSLATION_API_KEY"])),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    private static ParameterDoc Flag(string name, string meaning) =>
        ParameterDoc.Query(name, meaning, "boolean") with { Words = ["true", "false"] };
}

/// <summary>A call that was tried.</summary>
internal record TrialShape(bool Ok, double DurationMs)
{
    /// <summary>The request as sent; null if none was made.</summary>
    public TrialRequestShape? Request { get; init; }

    /// <summary>The answer; null if there was none.</summary>
    public TrialAnswerShape? Answer { get; init; }

    /// <summary>The result as a task would store it.</summary>
    public JsonNode? Result { get; init; }

    public ErrorKindShape? ErrorKind { get; init; }
    public string? Error { get; init; }

    /// <summary>True if a task would try again.</summary>
    public bool WouldRetry { get; init; }
}

/// <summary>A call to a service that was tried.</summary>
internal sealed record ServiceTestShape(string Service, string Operation, bool Ok, double DurationMs) : TrialShape(Ok, DurationMs);

/// <summary>A request without its secrets; the body is its beginning as text.</summary>
internal sealed record TrialRequestShape(string Method, string Url, IReadOnlyList<TrialHeaderShape> Headers, string? Body);

/// <summary>A header.</summary>
internal sealed record TrialHeaderShape(string Name, string Value);

/// <summary>An answer; the body is its beginning as text.</summary>
internal sealed record TrialAnswerShape(int Status, string? ContentType, long Bytes, string Body);

/// <summary>A curl command; `name` is that of the service, `item` the field that holds the item.</summary>
internal sealed record ServiceImportRequestShape(string Curl)
{
    public string? Name { get; init; }
    public string? Item { get; init; }

    /// <summary>`result` of an answer with `call=true`, to save what was shown.</summary>
    public string? Result { get; init; }
}

/// <summary>A declaration in YAML, and the variables that it needs.</summary>
internal sealed record ServiceImportShape(
    string Name, string ItemField, string Declaration, IReadOnlyList<ImportVariableShape> Variables, bool Saved)
{
    /// <summary>Where the result is in the service's answer, as the call found it: a JSON pointer, or `{format: text}`.</summary>
    public string? Result { get; init; }

    /// <summary>Why the saved service cannot be called yet, such as a variable that is not set.</summary>
    public string? NotUsedBecause { get; init; }

    /// <summary>The call of the command, with `call=true`.</summary>
    public TrialShape? Trial { get; init; }
}

/// <summary>A variable to set where the server runs; `basic` for user:password in base64.</summary>
internal sealed record ImportVariableShape(string Name, bool Secret, bool Basic);

/// <summary>A command, and the variables that it refers to.</summary>
internal sealed record TaskCurlShape(Guid TaskId, string Service, string Command, IReadOnlyList<string> Variables);
