using System.Net;
using System.Net.Sockets;
using StashAI.Gateway.Upstreams.Outbound;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Answers each lookup of a name with the next of its answers, and the last one again; other names do not exist.</summary>
internal sealed class ScriptedDns : IDnsResolver
{
    private readonly Dictionary<string, Queue<object>> answers = [];

    public List<string> Lookups { get; } = [];

    public ScriptedDns With(string host, params string[] addresses) => Add(host, addresses.Select(IPAddress.Parse).ToArray());

    public ScriptedDns Failing(string host, SocketError error) => Add(host, error);

    public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Lookups.Add(host);
        if (!this.answers.TryGetValue(host, out var answers))
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        return answer is SocketError error
            ? throw new SocketException((int)error)
            : ValueTask.FromResult((IPAddress[])answer);
    }

    private ScriptedDns Add(string host, object answer)
    {
        if (!this.answers.TryGetValue(host, out var answers))
        {
            this.answers[host] = answers = new Queue<object>();
        }

        answers.Enqueue(answer);
        return this;
    }
}
