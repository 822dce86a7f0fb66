using System.Text.Json.Serialization;

namespace StashAI.Server.Demo.Server;

/// <summary>The members of an enrolment beside its photos.</summary>
internal sealed record EnrolRequest(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FacePoint? Face);
