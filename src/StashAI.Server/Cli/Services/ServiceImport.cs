using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Upstreams.Import;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Sdk;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Services;

/// <summary><c>service import</c>: turns a curl command into a declaration that sends the same request, and makes a trial call.</summary>
internal sealed class ServiceImport(Func<string, string?> environment, TimeProvider clock)
{
    public async Task<int> RunAsync(
        string curl, string? name, string? itemField, string? folder, bool withCall, bool force, TextWriter output,
        CancellationToken cancellationToken)
    {
        var (draft, declaration) = await DraftAsync(curl, name, itemField, cancellationToken);
        var yaml = draft.Write(null);
        var file = Path.Combine(folder ?? ServiceFolders.All(environment)[0], draft.Name + ".yaml");
        if (File.Exists(file) && !force)
        {
            throw new UsageException($"{file} exists already: choose another --name, or overwrite it with --force.");
        }

        var isFine = true;
        if (withCall)
        {
            // The call uses the command's secrets; the file only refers to variables.
            var trial = new ServiceTrial(
                declaration, variable => draft.Secrets.GetValueOrDefault(variable) ?? environment(variable), clock,
                [.. draft.Secrets.Values]);
            await trial.RunAsync(draft.Example, output, cancellationToken);
            var (report, found) = ResultGuess.Apply(trial.Report!);
            isFine = report.Outcome is TaskOutcome.Completed;
            if (found is { } result)
            {
                yaml = draft.Write(result);
                await output.WriteLineAsync(result == ResultGuess.Text
                    ? "The answer is not JSON: the result is its text (format: text)."
                    : $"The result is taken from {result} of the answer.");
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllTextAsync(file, yaml, cancellationToken);
        await output.WriteLineAsync(
            $"Wrote {file}. The item is {draft.ItemField}. Check the file, then: POST /api/{draft.Name}/batch with {{\"items\": [...]}}");
        foreach (var variable in draft.Secrets.Keys)
        {
            await output.WriteLineAsync(
                $"Set {variable} where the server runs{(draft.IsBasic(variable) ? " (user:password in base64)" : "")}; "
                + "the file contains no secret.");
        }

        foreach (var variable in draft.Variables)
        {
            await output.WriteLineAsync($"Set {variable} where the server runs; the file refers to it.");
        }

        return isFine ? ExitCodes.Success : ExitCodes.Failure;
    }

    private async Task<(CurlDraft Draft, ServiceDeclaration Declaration)> DraftAsync(
        string curl, string? name, string? itemField, CancellationToken cancellationToken)
    {
        try
        {
            return await new CurlImport(environment, clock).DraftAsync(
                CurlRequest.Parse(curl, environment), name, itemField, cancellationToken);
        }
        catch (ImportException exception)
        {
            throw new UsageException(exception.Field == "curl" ? exception.Message : $"--{exception.Field}: {exception.Message}");
        }
    }
}
