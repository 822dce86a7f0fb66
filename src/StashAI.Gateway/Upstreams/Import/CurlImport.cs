using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Turns a curl command into a declaration that sends the same request.</summary>
/// <param name="environment">Returns shell variables and the declaration's variables.</param>
/// <param name="clock">The time.</param>
internal sealed class CurlImport(Func<string, string?> environment, TimeProvider clock)
{
    /// <summary>Drafts the most readable declaration that sends the same request as curl.</summary>
    /// <exception cref="ImportException">No declaration can send this request.</exception>
    public async Task<(CurlDraft Draft, ServiceDeclaration Declaration)> DraftAsync(
        CurlRequest request, string? name, string? itemField, CancellationToken cancellationToken)
    {
        if (name is not null && DeclarationReader.FindNameFault(name) is { } fault)
            throw new ImportException($"must be {fault}.", "name");
        var proof = new ImportComparison(request, environment, clock);
        var difference = "";
        foreach (var isExact in (bool[])[false, true])
        {
            var draft = CurlDraft.Of(request, name, itemField, environment, isExact);
            var read = DeclarationReader.Read(draft.Write(null));
            if (read.Declaration is not { } declaration) difference = read.Errors[0].Message.TrimEnd('.');
            else if (await proof.FindDifferenceAsync(declaration, draft, cancellationToken) is { } found) difference = found;
            else return (draft, declaration);
        }

        throw new ImportException(
            $"no declaration can send what this command sends: {difference}. Change the command, or write the file by hand.");
    }
}
