using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Responses.People;

/// <summary>What the folder import reads of the answer to an enrolment: the person, or the problem. A newer service may say more.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record EnrolAnswer(Guid? Id, string? Detail, Guid? PersonId);
