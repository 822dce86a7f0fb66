using StashAI.Client.Models;
using StashAI.Server.Cli.Work;

namespace StashAI.Server.Cli.Account;

/// <summary>What `doctor` finds about a service.</summary>
internal static class ServiceFinding
{
    /// <param name="service">The service as the server shows it.</param>
    /// <param name="listens">Whether anything listens at its address; null where that cannot be seen from this machine.</param>
    public static Finding Of(Service service, bool? listens)
    {
        var waiting = service.Lanes.Select(lane => lane.Waiting).FirstOrDefault(one => one is not null);
        var resume = $"'stashai resume --service {service.Name}'";
        var (level, text) = (waiting, service) switch
        {
            ({ ErrorKind: not null } reason, _) => (
                FindingLevel.Warning,
                $"Tasks wait for {reason.Address}: {reason.ErrorMessage.TrimEnd('.', ' ')}. {resume} calls it at once."),
            (_, { Paused: true }) => (FindingLevel.Warning, $"The service is paused; {resume} lets it go on."),
            ({ } reason, _) => (FindingLevel.Warning, reason.ErrorMessage),
            (_, { Configured: false }) => (FindingLevel.Ok, "The service has no address: jobs must name one."),
            _ when listens is false => (
                FindingLevel.Warning,
                $"Nothing listens at {service.Address}: start the service there before you use it. Jobs for it wait until then."),
            (_, { Called: false }) when listens is true => (
                FindingLevel.Ok, $"Something listens at {service.Address}; the service was not called yet."),
            _ => (FindingLevel.Ok, $"The service is {ServicesCommand.StateOf(service)}."),
        };
        return new Finding(level, service.Name, text);
    }
}
