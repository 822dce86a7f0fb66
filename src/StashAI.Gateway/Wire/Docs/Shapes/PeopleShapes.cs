using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>A change by a person.</summary>
internal sealed record AuditEntryShape(
    DateTimeOffset At, string Who, string Action, string TargetKind, string? TargetId, string? Address, JsonObject? Details);

/// <summary>A page of changes by people.</summary>
internal sealed record AuditPageShape(IReadOnlyList<AuditEntryShape> Data, string? Next, long Total, bool TotalIsExact);
