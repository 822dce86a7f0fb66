using StashAI.Adapters.Http.Reading;

namespace StashAI.Server.Cli.Services;

/// <summary>`service import`: a curl command becomes a declaration, and one call is tried.</summary>
internal sealed class ServiceImport(Func<string, string?> environment, TimeProvider clock)
{
    public async Task<int> RunAsync(
        string curl, string? name, string? itemField, string? folder, bool withCall, bool force, TextWriter output, CancellationToken cancellationToken)
    {
        var draft = CurlDraft.Of(CurlRequest.Parse(curl), name, itemField);
        var yaml = draft.Write(null);
        var declaration = DeclarationReader.Read(yaml);
        if (declaration.Declaration is null) throw new UsageException($"this command gives no usable declaration: {declaration.Errors[0].Message}");
        var file = Path.Combine(folder ?? ServiceFolders.All(environment)[0], draft.Name + ".yaml");
        if (File.Exists(file) && !force) throw new UsageException($"{file} is there already: take another --name, or --force to write over it.");

        var isFine = true;
        if (withCall)
        {
            // The call uses the secrets of the command; the file only names variables for them.
            var trial = new ServiceTrial(declaration.Declaration, variable => draft.Secrets.GetValueOrDefault(variable) ?? environment(variable), clock, [.. draft.Secrets.Values]);
            isFine = await trial.RunAsync(null, draft.Example, [], output, cancellationToken);
            if (trial.Answer is { } answer && ResultGuess.In(answer) is { } pointer)
            {
                yaml = draft.Write(pointer);
                await output.WriteLineAsync($"The result is taken from {pointer} of the answer.");
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllTextAsync(file, yaml, cancellationToken);
        await output.WriteLineAsync($"{file} is written. The item is {draft.ItemField}; look it over, then: POST /api/{draft.Name}/batch with {{\"items\": [...]}}");
        foreach (var variable in draft.Secrets.Keys) await output.WriteLineAsync($"Set {variable} where the server runs{(draft.IsBasic(variable) ? " (user:password in base64)" : "")}; the file holds no secret.");
        return isFine ? ExitCodes.Success : ExitCodes.Failure;
    }
}
