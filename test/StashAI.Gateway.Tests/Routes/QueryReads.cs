using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Notes which parameters are looked up by name while a request is answered.</summary>
internal sealed class QueryReads : IStartupFilter
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> names = new();

    public IEnumerable<string> Of(string route) => names.TryGetValue(route, out var found) ? found.Keys : [];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.Features.Set<IQueryFeature>(new Noted(this, context, context.Request.Query));
            return following(context);
        });
        next(app);
    };

    private void Note(HttpContext context, string name)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint)
            names.GetOrAdd($"{context.Request.Method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", _ => new()).TryAdd(name, true);
    }

    private sealed class Noted(QueryReads reads, HttpContext context, IQueryCollection inner) : IQueryFeature, IQueryCollection
    {
        public IQueryCollection Query
        {
            get => this;
            set => throw new NotSupportedException("The gateway changes no query.");
        }

        public int Count => inner.Count;

        public ICollection<string> Keys => inner.Keys;

        public Microsoft.Extensions.Primitives.StringValues this[string key]
        {
            get
            {
                reads.Note(context, key);
                return inner[key];
            }
        }

        public bool ContainsKey(string key)
        {
            reads.Note(context, key);
            return inner.ContainsKey(key);
        }

        public bool TryGetValue(string key, out Microsoft.Extensions.Primitives.StringValues value)
        {
            reads.Note(context, key);
            return inner.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> GetEnumerator() => inner.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
