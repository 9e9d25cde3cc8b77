using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

/// <summary>Keeps what <c>docs/sandbox.md</c> says of quotas true.</summary>
public sealed partial class QuotaPageTests
{
    [Fact]
    public void Each_quota_on_the_page_can_be_in_a_world()
    {
        var quotas = Quota().Matches(Page()).Select(match => match.Groups["quota"].Value).ToList();

        Assert.Equal(7, quotas.Count);
        Assert.All(quotas, quota => Assert.Empty(Some.World(quotas: quota).QuotaUse));
    }

    [Fact]
    public void Each_hint_is_on_the_page() =>
        Assert.All(QuotaReader.HintForms.Keys, hint => Assert.Matches($"`\"?{hint}\"?`", Page()));

    [Fact]
    public void The_state_of_a_quota_on_the_page_has_the_members_it_has()
    {
        var book = new QuotaBook([new Quota("LeaveSecurityGroup", Calls: 1, PerSeconds: 1)], Sim.Noon);
        book.Count("default", "r1", "LeaveSecurityGroup", Sim.Noon);
        var real = JsonSerializer.SerializeToElement(book.Snapshot(Sim.Noon)[0], JsonSerializerOptions.Web);

        var shown = JsonDocument.Parse(State().Match(Page()).Value).RootElement;

        Assert.Equal(NamesOf(real), NamesOf(shown));
    }

    private static IEnumerable<string> NamesOf(JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    private static string Page([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return File.ReadAllText(Path.Combine(folder, "docs", "sandbox.md"));
    }

    [GeneratedRegex("""^\| `(?<quota>\{ "action".*\})` \|""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1_000)]
    private static partial Regex Quota();

    [GeneratedRegex("""\{\s+"action": "LeaveSecurityGroup", "shape".*?\}""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1_000)]
    private static partial Regex State();
}
