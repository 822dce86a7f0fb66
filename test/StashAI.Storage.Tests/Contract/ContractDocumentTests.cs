using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace StashAI.Storage.Tests.Contract;

/// <summary>docs/store-contract.md names the tests that prove each rule.</summary>
public sealed partial class ContractDocumentTests
{
    [Fact]
    public void Every_rule_is_there_once_and_is_proven_by_tests_that_exist()
    {
        var root = Root();
        var rows = File.ReadAllLines(Path.Combine(root, "docs", "store-contract.md"))
            .Where(line => line.StartsWith("| S", StringComparison.Ordinal)).ToList();
        var classes = Directory.EnumerateFiles(Path.Combine(root, "test"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.Equal(Enumerable.Range(1, 13).Select(number => $"S{number}"), rows.Select(row => row.Split('|')[1].Trim()));
        Assert.All(rows, row =>
        {
            var named = Quoted().Matches(row.Split('|')[3]).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, classes));
        });
    }

    [Fact]
    public void Every_contract_runs_on_both_databases()
    {
        var contracts = typeof(StoreContract).Assembly
            .GetTypes().Where(type => type.IsAbstract && type.IsSubclassOf(typeof(StoreContract))).ToList();

        Assert.NotEmpty(contracts);
        Assert.All(contracts, contract =>
        {
            var hosts = contract.Assembly.GetTypes().Where(type => type.IsSubclassOf(contract) && !type.IsAbstract)
                .Select(type => type.Namespace).ToList();
            Assert.Contains(hosts, name => name!.EndsWith(".Sqlite", StringComparison.Ordinal));
            Assert.Contains(hosts, name => name!.EndsWith(".Postgres", StringComparison.Ordinal));
        });
    }

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Quoted();
}
