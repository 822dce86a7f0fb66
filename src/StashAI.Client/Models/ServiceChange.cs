using System.Text.Json.Nodes;

namespace StashAI.Client.Models;

/// <summary>What to change of a service. What is null stays as it is.</summary>
public sealed record ServiceChange
{
    /// <summary>The most calls at once for each address, over all processes: 1 to 100,000.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>The most calls a second for each address, over all processes.</summary>
    public double? Rate { get; init; }

    /// <summary>How many calls may be made at once after a rest. It needs a rate.</summary>
    public double? Burst { get; init; }

    /// <summary>
    /// When the service may be called: <c>22:00-07:00 Europe/Berlin</c>, or <c>Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00</c>.
    /// </summary>
    public string? AllowedHours { get; init; }

    /// <summary>True starts no further task, false lets the service go on.</summary>
    public bool? Paused { get; init; }

    /// <summary>The limits that take the declaration's value again, where the change has no value for them.</summary>
    public ServiceLimit Reset { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        Add(json, "max_parallel", MaxParallel is { } most ? JsonValue.Create(most) : null, ServiceLimit.MaxParallel);
        Add(json, "rate", Rate is { } rate ? JsonValue.Create(rate) : null, ServiceLimit.Rate);
        Add(json, "burst", Burst is { } burst ? JsonValue.Create(burst) : null, ServiceLimit.Burst);
        Add(json, "allowed_hours", AllowedHours is { } hours ? JsonValue.Create(hours) : null, ServiceLimit.AllowedHours);
        if (Paused is { } paused) json["paused"] = paused;
        return json;
    }

    private void Add(JsonObject json, string name, JsonValue? value, ServiceLimit limit)
    {
        if (value is not null || Reset.HasFlag(limit)) json[name] = value;
    }
}

/// <summary>The limits of a service that can be changed while it is called.</summary>
[Flags]
public enum ServiceLimit
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The most calls at once.</summary>
    MaxParallel = 1,

    /// <summary>The most calls a second.</summary>
    Rate = 2,

    /// <summary>How many calls may be made at once after a rest.</summary>
    Burst = 4,

    /// <summary>When the service may be called.</summary>
    AllowedHours = 8,

    /// <summary>All of them.</summary>
    All = MaxParallel | Rate | Burst | AllowedHours,
}

/// <summary>When a service may be called, and whether that is now.</summary>
public sealed record ServiceHours
{
    /// <summary>The hours, such as <c>22:00-07:00 Europe/Berlin</c>.</summary>
    public string Hours { get; init; } = "";

    /// <summary>True while the service may be called.</summary>
    public bool Open { get; init; }

    /// <summary>When it may be called again; null while it may.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Until when it may be called; null while it may not.</summary>
    public DateTimeOffset? ClosesAt { get; init; }
}

/// <summary>Limits of a service under the names with which they are changed; null where there is none.</summary>
public sealed record ServiceLimitValues
{
    /// <summary>The most calls at once for each address.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>The most calls a second for each address.</summary>
    public double? Rate { get; init; }

    /// <summary>How many calls may be made at once after a rest.</summary>
    public double? Burst { get; init; }

    /// <summary>When the service may be called.</summary>
    public string? AllowedHours { get; init; }
}
