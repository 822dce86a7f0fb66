using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.People;

/// <summary>What the API's document says of keys, nodes, the audit log and the caller.</summary>
internal static class PeopleDocs
{
    public static RouteDoc Audit { get; } = new("list-audit", Chapter.Server, "A page of changes by people, the newest first")
    {
        Description = "Cancels, retries, pauses, deletes, changes of jobs and limits, bulk operations and keys; "
            + "submits are not among them.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers =
        [
            AnswerDoc.Of(new AuditPageShape(
                [new(Samples.Time, "laptop", "cancel", "job", Samples.JobId.ToString(), "127.0.0.1", DocJson.Object("""{"tasks":2}"""))],
                null, 1, true)),
        ],
    };
}
