using System.Text;

namespace StashAI.Client.Http;

/// <summary>A route of the server that this client calls.</summary>
/// <param name="Method">The method.</param>
/// <param name="Template">The path, with names in braces for what a call fills in.</param>
/// <param name="Repeat">True when a repeated call does no harm, so that it may be sent again after a broken connection.</param>
/// <param name="Parameters">The parameters of the query that this client uses.</param>
internal sealed record Route(HttpMethod Method, string Template, bool Repeat, params string[] Parameters)
{
    /// <summary>True for a route that older servers do not have.</summary>
    public bool IsRecent { get; init; }

    /// <summary>True when a line of a server's list of routes, such as <c>GET /api/jobs/{id}</c>, is this route.</summary>
    public bool IsNamedBy(string line)
    {
        if (line.Split(' ', 2) is not [var method, var path] || !method.Split(',').Contains(Method.Method)) return false;
        var (own, other) = (Template.Trim('/').Split('/'), path.Trim('/').Split('/'));
        return own.Length == other.Length
            && own.Zip(other).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.StartsWith('{')));
    }

    /// <summary>The path and the query of one call, without a slash at the front.</summary>
    /// <param name="values">What the braces of the template become, in their order.</param>
    /// <param name="query">Parameters with their values; those without a value are left out.</param>
    public string Fill(IReadOnlyList<string> values, params IEnumerable<(string Name, string? Value)> query)
    {
        var parts = Template.Trim('/').Split('/');
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].StartsWith('{')) parts[i] = Uri.EscapeDataString(values[at++]);
        }

        var text = new StringBuilder(string.Join('/', parts));
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (string.IsNullOrEmpty(value)) continue;
            if (!Parameters.Contains(name)) throw new ArgumentException($"{Template} has no parameter {name}.", nameof(query));
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return text.ToString();
    }
}
