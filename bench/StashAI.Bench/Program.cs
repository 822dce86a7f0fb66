using System.CommandLine;
using StashAI.Bench.Load;
using StashAI.Bench.Soak;

var tasks = new Option<int>("--tasks") { DefaultValueFactory = _ => 10_000, Description = "Tasks in the job." };
var parallel = new Option<int>("--parallel") { DefaultValueFactory = _ => 32, Description = "Calls at once." };
var bytes = new Option<int>("--bytes") { DefaultValueFactory = _ => 1024, Description = "Size of a task's JSON body." };
var delay = new Option<int>("--delay") { DefaultValueFactory = _ => 0, Description = "Milliseconds that the service takes." };
var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 3, Description = "Drains; each has the bare loop before and after it." };
var folder = new Option<string>("--folder") { DefaultValueFactory = _ => Path.GetTempPath(), Description = "Where the database file is made." };
var database = new Option<string?>("--database") { Description = "postgres://... to drain through; without it a SQLite file." };
var postgres = new Option<bool>("--postgres") { Description = "Drain through a PostgreSQL server that is started for it, with its data in the temp folder." };

var load = new Command("load", "One job drained through the queue, next to a bare loop of the same calls.")
{
    tasks, parallel, bytes, delay, runs, folder, database, postgres,
};
load.SetAction((parse, cancellationToken) => LoadBenchmark.RunAsync(
    new LoadPlan(
        parse.GetValue(tasks),
        parse.GetValue(parallel),
        parse.GetValue(bytes),
        TimeSpan.FromMilliseconds(parse.GetValue(delay)),
        parse.GetValue(runs),
        parse.GetValue(folder)!,
        parse.GetValue(database),
        parse.GetValue(postgres)),
    cancellationToken));

var stub = new Command("stub", "The AI service that the load calls; started by it.") { delay };
stub.SetAction((parse, cancellationToken) => StubService.RunAsync(TimeSpan.FromMilliseconds(parse.GetValue(delay)), cancellationToken));

var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 10, Description = "How long faults go on." };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "What happens when." };
var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 16, Description = "Clients at once; each has one open job." };
var soak = new Command("soak", "Real processes under kill -9, freezes, restarts, database crashes and a faulty service; then a verdict.")
{
    minutes, seed, clients, postgres,
};
soak.SetAction((parse, cancellationToken) => SoakBenchmark.RunAsync(
    new SoakPlan(TimeSpan.FromMinutes(parse.GetValue(minutes)), parse.GetValue(postgres), parse.GetValue(seed), parse.GetValue(clients)),
    cancellationToken));

return await new RootCommand("Benchmarks of the queue.") { load, stub, soak }.Parse(args).InvokeAsync();
