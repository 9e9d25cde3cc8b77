using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

/// <summary>A folder of the library uses only folders below it, so that it can be read without what lies above; and no folder anywhere is a heap.</summary>
public sealed partial class FoldersTests
{
    private const int MostFiles = 20;
    private const int MostAtTheRoot = 6;

    // From the bottom up, and beside each folder those below it that it may use. The files at the root may use all of them.
    private const string Layers = """
        Display:
        Json:
        Time:
        Settings/Reading: Display
        Messages: Display, Json, Time
        Requests: Display, Json, Messages
        Guardrails: Messages, Requests
        Ledger: Messages, Requests
        Jobs: Json, Time, Messages, Requests, Ledger
        Ledger/Memory: Ledger
        Ledger/Sqlite: Messages, Ledger
        Ledger/Table: Messages, Ledger
        Holds: Messages, Requests, Guardrails, Ledger
        Ecs: Display
        Ecs/Wire: Json, Requests, Ecs
        Ecs/Credentials/Sts: Json, Ecs, Ecs/Wire
        Ecs/Credentials: Time, Requests, Ecs, Ecs/Credentials/Sts
        Circuits: Time, Ledger
        Quotas/Windows: Time
        Quotas: Time, Settings/Reading, Messages, Requests, Ledger, Ecs, Circuits, Quotas/Windows
        Quotas/Fleet: Time, Ledger, Circuits, Quotas, Quotas/Windows
        Ecs/Changes: Json, Time, Messages, Requests, Ledger, Ecs, Ecs/Wire, Ecs/Credentials, Circuits, Quotas, Quotas/Windows
        Ecs/Containment: Json, Time, Messages, Requests, Guardrails, Ledger, Ecs, Ecs/Wire, Ecs/Changes
        Jobs/Selecting: Json, Messages, Requests, Ledger, Ecs, Ecs/Wire, Ecs/Changes, Jobs
        Outcomes: Display, Json, Messages, Requests, Ledger
        Jobs/Driving: Display, Json, Time, Messages, Requests, Guardrails, Ledger, Outcomes, Jobs, Jobs/Selecting
        Watch: Display, Messages, Requests, Ledger, Ecs/Wire, Ecs/Changes, Outcomes
        Intake: Display, Json, Time, Settings/Reading, Messages, Requests, Ledger, Jobs, Holds, Jobs/Driving
        Settings: Display, Settings/Reading, Guardrails, Ledger, Holds, Ecs, Quotas
        """;

    private static readonly string Product = Snapshot.Find("src/Ungroup");

    private static readonly List<(string Name, string[] MayUse)> Folders =
    [
        .. Layers.Split('\n').Select(layer => layer.Split(':'))
            .Select(layer => (layer[0], layer[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))),
    ];

    private static readonly List<SourceFile> Files =
    [
        .. Directory.EnumerateFiles(Product, "*.cs", SearchOption.AllDirectories).Select(path => new SourceFile(
            Path.GetRelativePath(Product, Path.GetDirectoryName(path)!).Replace('\\', '/').TrimStart('.'), Path.GetFileName(path), File.ReadAllText(path))),
    ];

    private static readonly ILookup<string, string> Types = typeof(RemovalHandler).Assembly.GetTypes()
        .Where(type => type is { IsNested: false, Namespace: not null } && type.Namespace.StartsWith(nameof(Ungroup), StringComparison.Ordinal))
        .ToLookup(type => type.Namespace![nameof(Ungroup).Length..].TrimStart('.').Replace('.', '/'), type => type.Name.Split('`')[0]);

    [Fact]
    public void A_folder_uses_only_those_it_may()
    {
        var problems = Files.Where(file => file.Folder.Length > 0).SelectMany(file => file.Uses(Types)
            .Where(used => used != file.Folder && !Folders.Exists(folder => folder.Name == file.Folder && folder.MayUse.Contains(used)))
            .Select(used => $"src/Ungroup/{file.Folder}/{file.Name} uses {(used.Length == 0 ? "a file at the root" : used)}, and {file.Folder} may not: "
                + "move what it needs into a folder below both, or the file into one above."))
            .ToList();

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void A_folder_may_use_only_those_below_it() => Assert.All(
        Folders.Index(),
        folder => Assert.Subset(Folders.Take(folder.Index).Select(below => below.Name).ToHashSet(), folder.Item.MayUse.ToHashSet()));

    [Fact]
    public void No_folder_of_any_project_has_more_files_than_are_seen_at_once()
    {
        var problems = Directory.EnumerateDirectories(Snapshot.Find("src")).Concat(Directory.EnumerateDirectories(Snapshot.Find("tests"))).SelectMany(Crowded)
            .Select(crowded => $"{Path.GetRelativePath(Snapshot.Find(""), crowded.Folder)} has {crowded.Files} files side by side, and {crowded.Most} are seen at once: "
                + "find the folders that tell a reader what is there.")
            .ToList();

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    // The root of a project without folders is a folder like any other.
    private static IEnumerable<(string Folder, int Files, int Most)> Crowded(string project)
    {
        var folders = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).CountBy(path => Path.GetDirectoryName(path)!).ToList();
        return folders.Select(folder => (Folder: folder.Key, Files: folder.Value, Most: folder.Key == project && folders.Count > 1 ? MostAtTheRoot : MostFiles))
            .Where(folder => folder.Files > folder.Most);
    }

    private sealed partial record SourceFile(string Folder, string Name, string Code)
    {
        /// <summary>Folders that it has a using for, whose name it writes before a type's, or whose types it sees without either, being inside them.</summary>
        public IEnumerable<string> Uses(ILookup<string, string> types)
        {
            var names = TypeName().Matches(Comment().Replace(Code, "")).SelectMany(name => (string[])[name.Groups["first"].Value, name.Value]).ToHashSet();
            return Using().Matches(Code).Select(match => match.Groups["folder"].Value.Replace('.', '/'))
                .Union(types.Select(folder => folder.Key).Where(folder => types[folder].Any(type =>
                    names.Contains($"{folder.Split('/')[^1]}.{type}")
                    || ((folder.Length == 0 || Folder.StartsWith($"{folder}/", StringComparison.Ordinal)) && names.Contains(type)))));
        }

        [GeneratedRegex(@"^using ((static |\w+ = )Ungroup\.?(?<folder>[\w.]*)\.\w+|Ungroup\.?(?<folder>[\w.]*));", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1_000)]
        private static partial Regex Using();

        [GeneratedRegex("//.*|^using .*", RegexOptions.Multiline, 1_000)]
        private static partial Regex Comment();

        [GeneratedRegex(@"(?<![\w.])(?<first>[A-Z]\w*)(\.[A-Z]\w*)?", RegexOptions.ExplicitCapture, 1_000)]
        private static partial Regex TypeName();
    }
}
