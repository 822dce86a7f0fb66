using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>A change by a person.</summary>
internal sealed record AuditEntryShape(
    DateTimeOffset At, string Who, string Action, string TargetKind, string? TargetId, string? Address, JsonObject? Details);

/// <summary>A page of changes by people.</summary>
internal sealed record AuditPageShape(IReadOnlyList<AuditEntryShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>What an API key allows.</summary>
internal enum RoleShape
{
    Read,
    Submit,
    Operate,
    Admin,
}

/// <summary>How a caller is let in.</summary>
internal enum AccessShape
{
    Open,
    Key,
    Login,
}

/// <summary>The caller and the server.</summary>
internal sealed record MeShape(
    string Name, RoleShape Role, AccessShape Access, DateTimeOffset? ExpiresAt, string Version, IReadOnlyList<string> Features);

/// <summary>A login.</summary>
internal sealed record LoginShape(string Key);

/// <summary>A process that is alive.</summary>
internal sealed record NodeShape(
    long Id, string Name, string? Role, string Host, int ProcessId, string? Version, IReadOnlyList<string> Labels, int Running,
    DateTimeOffset StartedAt, DateTimeOffset LeaseUntil);

/// <summary>The processes that are alive.</summary>
internal sealed record NodePageShape(IReadOnlyList<NodeShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>An API key without its secret.</summary>
internal sealed record KeyShape(
    string Id, string Name, RoleShape Role, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt);

/// <summary>The API keys.</summary>
internal sealed record KeyPageShape(IReadOnlyList<KeyShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A key to create.</summary>
internal sealed record NewKeyShape(string Name, RoleShape Role)
{
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new API key, with its secret.</summary>
internal sealed record CreatedKeyShape(
    string Id, string Name, RoleShape Role, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, string Key);
