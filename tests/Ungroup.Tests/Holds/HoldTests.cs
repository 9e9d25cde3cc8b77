using CsCheck;
using Ungroup.Holds;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Holds;

/// <summary>The hold and the request alone decide what it covers.</summary>
public sealed class HoldTests
{
    private static readonly Gen<string> Account = OneOf("default", "prod", "Prod");
    private static readonly Gen<string> Group = OneOf("sg-web", "sg-db", "sg-iso");
    private static readonly Gen<Origin> Origins = Gen.Enum<Origin>();
    private static readonly Gen<HoldSubject> Subject = Gen.Select(Account, Origins, Group.Array[0, 3], (account, origin, groups) => new HoldSubject(account, origin, groups));

    private static readonly Gen<Hold> AnyHold = Gen.Select(OrNone(Account), OrNone(Group), Gen.Bool, Origins, (account, group, ofAll, origin) =>
        Of(account, group, ofAll ? null : origin));

    [Fact]
    public void A_hold_that_names_nothing_covers_everything() => Subject.Sample(subject => Of(null, null, null).Covers(subject));

    [Fact]
    public void It_covers_what_has_all_that_it_names_and_nothing_else() => Gen.Select(AnyHold, Subject).Sample((hold, subject) =>
        hold.Covers(subject) == (
            (hold.Account ?? subject.Account) == subject.Account
            && (hold.Origin ?? subject.Origin) == subject.Origin
            && (hold.Group is null || subject.Groups.Any(group => group == hold.Group))));

    [Fact]
    public void Naming_one_thing_less_covers_no_less() => Gen.Select(AnyHold, Subject, Gen.Int[0, 2]).Sample((hold, subject, less) =>
        !hold.Covers(subject) || Without(hold, less).Covers(subject));

    [Fact]
    public void Knowing_one_group_more_lets_nothing_go() => Gen.Select(AnyHold, Subject, Group).Sample((hold, subject, group) =>
        !hold.Covers(subject) || hold.Covers(subject with { Groups = [.. subject.Groups, group] }));

    [Fact]
    public void A_resume_of_all_that_a_hold_names_ends_it_and_one_of_anything_else_does_not() => Gen.Select(AnyHold, AnyHold).Sample((hold, other) =>
        hold.Scope.IsWithin(new(hold.Account, hold.Group, hold.Origin))
        && hold.Scope.IsWithin(new(other.Account, other.Group, other.Origin))
            == ((other.Account ?? hold.Account) == hold.Account && (other.Group ?? hold.Group) == hold.Group && (other.Origin ?? hold.Origin) == hold.Origin));

    [Theory]
    [InlineData("SG-Web")]
    [InlineData("sg-web")]
    public void A_group_is_the_same_however_its_id_is_written(string group) =>
        Assert.True(Of(null, group, null).Covers(new("default", Origin.Upstream, ["sg-web"])));

    [Theory]
    [InlineData(null, null, null, "all requests")]
    [InlineData("prod", "sg-web", Origin.Cleanup, "clean-ups of account prod about sg-web")]
    [InlineData(null, "sg-web", Origin.Incident, "incidents about sg-web")]
    public void It_says_what_it_covers(string? account, string? group, object? origin, string said) =>
        Assert.Equal(said, Of(account, group, (Origin?)origin).Scope.ToString());

    private static Hold Without(Hold hold, int part) => part switch
    {
        0 => hold with { Account = null },
        1 => hold with { Group = null },
        _ => hold with { Origin = null },
    };

    private static Hold Of(string? account, string? group, Origin? origin) =>
        new() { Id = "h-1", Account = account, Group = group, Origin = origin, By = "ops", Reason = "change freeze", Since = Some.Now };

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<string?> OrNone(Gen<string> gen) => Gen.Select(Gen.Bool, gen, (isNone, value) => isNone ? null : value);
}
