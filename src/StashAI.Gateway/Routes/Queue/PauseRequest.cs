using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>What a pause or a resume asks for.</summary>
/// <param name="IsPause">False for a resume.</param>
/// <param name="Until">When the pause ends by itself; null until somebody resumes.</param>
internal sealed record PauseRequest(bool IsPause, DateTimeOffset? Until)
{
    public static PauseRequest Resume { get; } = new(false, null);

    /// <summary>The action in the audit log.</summary>
    public string Word => IsPause ? "pause" : "resume";

    /// <summary>What the audit log says besides; null for nothing.</summary>
    public object? Details => Until is { } end ? new { until = end } : null;

    /// <summary>Reads the optional body of a pause; null when the request was already answered.</summary>
    public static async Task<PauseRequest?> ReadAsync(HttpContext context, BodyReader bodies, TimeProvider clock)
    {
        if (!await BodyReader.HasBodyAsync(context)) return new PauseRequest(true, null);
        using var body = await bodies.ReadAsync(context);
        if (body is null) return null;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("until");
        var until = fields.Time("until");
        return until <= clock.GetUtcNow()
            ? throw fields.Invalid("until", "must be later than now; leave it out to pause until somebody resumes.")
            : new PauseRequest(true, until?.ToUniversalTime());
    }
}
