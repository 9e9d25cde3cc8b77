using CsCheck;
using Ungroup.Ecs.Containment;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>Any sight, wish and refusal, held against a model of one interface.</summary>
public sealed class NextStepTests
{
    private static readonly string[] Groups = ["sg-a", "sg-b", "sg-c", "sg-d", "sg-e", "sg-iso"];

    private static readonly Gen<string[]> Some = Gen.Shuffle(Groups, 1, Groups.Length);
    private static readonly Gen<string[]> SomeOrNone = Gen.Shuffle(Groups, 0, Groups.Length);
    private static readonly Gen<WantedGroups> Wanted = Gen.Select(Gen.Bool, Some, Gen.Bool, (contains, groups, atOnce) =>
        contains ? WantedGroups.Contained("sg-iso", atOnce) : WantedGroups.Restored(groups, ["sg-iso"], atOnce));

    [Fact]
    public void It_takes_nothing_out_of_its_last_group_and_leaves_nothing_that_may_stay() =>
        Walks((model, wanted, step) =>
        {
            var left = model.Groups.Except(After(model.Groups, step)).ToList();

            Assert.NotEmpty(After(model.Groups, step));
            Assert.All(left, group => Assert.True(wanted.ShouldLeave(group)));
        });

    [Fact]
    public void It_joins_nothing_that_is_not_wanted() =>
        Walks((model, wanted, step) => Assert.Subset(wanted.Groups.ToHashSet(), After(model.Groups, step).Except(model.Groups).ToHashSet()));

    [Fact]
    public void It_ends_in_few_steps_and_is_done_or_says_why_not() => Walks((_, _, _) => { }, (model, wanted, end) =>
    {
        if (end is NextStep.Stuck stuck)
        {
            Assert.Contains(stuck.Code, (string[])[Model.Refusal, WantedGroups.LastGroup, WantedGroups.NoPlace]);
            return;
        }

        Assert.Empty(wanted.Groups.Except(model.Groups));
        Assert.DoesNotContain(model.Groups, group => wanted.ShouldLeave(group));
    });

    [Fact]
    public void It_is_stuck_only_where_nothing_more_can_be_done() => Walks((_, _, _) => { }, (model, wanted, end) =>
    {
        if (end is NextStep.Stuck && !wanted.AtOnce)
        {
            var keeps = model.Groups.Any(group => !wanted.ShouldLeave(group));
            Assert.DoesNotContain(wanted.Groups.Except(model.Groups), group => !model.Refuses.Contains(group) && model.Groups.Count < model.Places);
            Assert.DoesNotContain(model.Groups.Where(wanted.ShouldLeave), group => !model.Refuses.Contains(group) && keeps && model.Groups.Count > 1);
        }
    });

    [Fact]
    public void Where_nothing_is_refused_a_containment_needs_two_places_and_no_more() =>
        Gen.Select(Some, Gen.Int[2, 6], Gen.Bool).Sample((groups, places, atOnce) =>
        {
            var model = new Model(groups.Take(places), [], places);

            Assert.IsType<NextStep.Done>(model.Walk(WantedGroups.Contained("sg-iso", atOnce)));
            Assert.Equal(["sg-iso"], model.Groups);
        });

    [Fact]
    public void Where_nothing_is_refused_a_restore_needs_as_many_places_as_groups() =>
        Gen.Select(Some, Gen.Bool).Sample((groups, atOnce) =>
        {
            var model = new Model(["sg-iso"], [], Math.Max(2, groups.Length));

            Assert.IsType<NextStep.Done>(model.Walk(WantedGroups.Restored(groups, ["sg-iso"], atOnce)));
            Assert.Equal(groups.Order(), model.Groups.Order());
        });

    private static void Walks(Action<Model, WantedGroups, NextStep> each, Action<Model, WantedGroups, NextStep>? atEnd = null) =>
        Gen.Select(Some, Wanted, SomeOrNone, Gen.Int[1, 7], Gen.Bool).Sample((groups, wanted, refused, places, refusesSets) =>
        {
            var model = new Model(groups, [.. refused, .. refusesSets ? (string[])[WantedGroups.WholeSet] : []], Math.Max(places, groups.Length));
            var end = model.Walk(wanted, step => each(model, wanted, step));
            atEnd?.Invoke(model, wanted, end);
        });

    private static IEnumerable<string> After(IReadOnlyList<string> groups, NextStep step) => step switch
    {
        NextStep.Join join => [.. groups, join.Group],
        NextStep.Leave leave => groups.Where(group => group != leave.Group),
        NextStep.Modify modify => modify.Groups,
        _ => groups,
    };

    /// <summary>One interface at ECS: in some groups, with so many places, and a no for some of them.</summary>
    private sealed class Model(IEnumerable<string> groups, IReadOnlyCollection<string> refuses, int places)
    {
        public const string Refusal = "Forbidden.RAM";

        // Each group is joined, left or refused once, and one may find no place before it is joined.
        private static readonly int MostSteps = 3 * NextStepTests.Groups.Length;

        private readonly Dictionary<string, string> _refusals = [];
        private bool _isFull;

        public List<string> Groups { get; private set; } = [.. groups];

        public IReadOnlyCollection<string> Refuses => refuses;

        public int Places => places;

        public NextStep Walk(WantedGroups wanted, Action<NextStep>? each = null)
        {
            for (var steps = 0; ; steps++)
            {
                Assert.True(steps <= MostSteps, "It does not end.");
                var step = NextStep.Of(new([.. Groups], _refusals, _isFull), wanted);
                if (step is NextStep.Done or NextStep.Stuck)
                {
                    return step;
                }

                each?.Invoke(step);
                Take(step);
            }
        }

        private void Take(NextStep step)
        {
            var group = step switch
            {
                NextStep.Join join => join.Group,
                NextStep.Leave leave => leave.Group,
                _ => WantedGroups.WholeSet,
            };
            if (refuses.Contains(group) || (step is NextStep.Modify set && set.Groups.Count > places))
            {
                _refusals[group] = Refusal;
            }
            else if (step is NextStep.Join && Groups.Count >= places)
            {
                _isFull = true;
            }
            else
            {
                Groups = [.. After(Groups, step)];
                _isFull &= step is not NextStep.Leave;
            }
        }
    }
}
