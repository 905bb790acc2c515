namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>Common verbs, and which verb each of their forms belongs to. A verb that is not here is compared as it is written.</summary>
internal static class Verbs
{
    /// <summary>A plus says that the last letter is doubled: plan, planned.</summary>
    private const string Regular =
        """
        abandon absorb accelerate accept access accompany accomplish account accumulate accuse achieve acknowledge acquire act activate adapt add address adjust administer admire admit+ adopt advance
        advertise advise affect afford age agree aim alert align allocate allow alter amend analyse analyze announce annoy answer anticipate apologise apologize appeal appear apply appoint appreciate approach
        approve archive argue arrange arrest arrive ask assemble assert assess assign assist associate assume assure attach attack attempt attend attract audit authenticate authorise authorize automate
        avoid award back bake balance ban+ bathe beg+ behave believe belong benefit bill block blend boil book boost boot borrow bother bounce bow breathe breed brush build burn bury button
        calculate call calm camp cancel care carry cast cause cease celebrate certify challenge charge chase chat+ cheat check chew chill chop+ claim clarify classify clean clear click climb clone close
        coach code collapse collect colour color combine come comment commit+ communicate compare compete compile complain complete compress compromise compute concentrate concern conclude conduct configure confirm
        confuse connect consent consider consist consult consume contact contain continue contract contribute control+ convert convince cook cool copy correct cost cough count cover crash crawl create credit
        cross cry cure customise customize cycle damage dance date debit debug+ decide declare decline decode decrease decrypt deduct defend defer+ define delay delegate delete deliver demand demote deny depart
        depend deploy deposit derive describe deserve design desire destroy detach detect determine develop diagnose dial die differ digest dine direct disable disagree disallow disappear disapprove discard discharge
        disclose disconnect discontinue discount discover discuss dismiss dispatch display dispose dispute dissolve distribute dive divide dock donate double doubt download downgrade draft drain dress drop+ dry dump
        duplicate earn ease edit educate elect email embed+ emigrate emit+ employ empty enable encode encounter encourage encrypt end endorse enforce engage enhance enjoy enlarge enrol+ enroll ensure enter equal erase
        escape establish estimate evaluate evaporate evict examine exceed exchange exclude excuse execute exempt exercise exhale exist exit expand expect expedite experience expire explain explode explore export expose
        express extend extract fail fasten favour favor fax fear feature ferment fetch file fill filter finance find finish fire fish fit+ fix flash float flood flow fly focus fold follow force forecast format
        forward found freeze fry function fund gain gather generate govern grab+ graduate grant grate greet grill grind grip+ group guarantee guard guess guide halt hand handle hang happen harm harvest hate head heal heat
        help hesitate hike hire hold honour honor hope host house hug+ hunt hurry identify ignore illustrate imagine immigrate implement import impose impress improve include increase indicate infect inflate influence
        inform inhale inherit initiate inject injure inquire insert inspect install instruct insure integrate intend interact interest interpret interrupt introduce invade invent invest investigate invite invoice
        involve iron irritate isolate issue itch join joke judge juggle jump justify kick kill kiss knit+ knock label lack land last laugh launch lead leak lean learn lease lengthen lick lie like limit link list
        listen live load loan locate lock log+ login logout look loosen love lower maintain manage manufacture march mark market marry match matter mature measure melt mend mention merge message migrate misplace miss
        mistake mix modify monitor mount move multiply murder name narrow need neglect negotiate nest notice notify number obey object observe obtain occupy occur+ offend offer omit+ open operate oppose order
        organise organize originate overcharge overcook overcome overdraw overflow overlap+ overload oversee owe own pack paint park part participate partition pass paste pause peel penalise penalize perform permit+
        persuade phone pick pinch place plan+ plant play please plug+ point poison polish pollute post postpone pour practise practice pray preach predict prefer+ prepare prescribe present preserve press pretend prevent
        print prioritise prioritize proceed process produce profit program+ prohibit promise promote prompt prone pronounce propose prosecute protect protest prove provide publish pull pump punish purchase purge
        pursue push qualify quarantine query question queue race rain raise rank rate reach react realise realize reappear reassign reboot rebuild recall receive recharge recite recognise recognize recommend reconcile
        reconnect record recover recruit recycle redeem redirect reduce refer+ refill reflect refresh refrigerate refund refuse register regret+ regulate reimburse reinstall reinstate reject relate relax release relieve
        relocate rely remain remember remind remit+ remove rename render renew rent reopen repair repay repeat replace reply report represent request require reroute reschedule rescue research reserve reset reside resign
        resist resize resolve respect respond restart restore restrict resubmit+ result resume retain retire retrieve retry return reveal reverse revert review revise revive revoke reward ride rinse risk roast rob+ roll
        rotate round rub+ ruin rule rush sack sail sample satisfy save scan+ scare schedule score scrape scratch scream screen search seat secure seem seize select separate serve service settle shape share
        shave shift ship+ shock shop+ shorten shout show shrink shuffle sign signal simmer simplify skate ski skip+ slice slip+ slow smell smile smoke smooth snap+ sneeze snow soak solve sort sound spare specify
        speed spell spill split+ spoil sponsor spray sprout squeeze stain stamp start state stay steam steer step+ stir+ stock stop+ store strap+ strengthen stretch strip+ stroke struggle study stuff subject submit+
        subscribe substitute subtract succeed suffer suggest suit supply support suppose surf surprise surrender surround survive suspect suspend swallow swap+ switch sync tap+ target taste tax teach tease telephone terminate test text
        thank thaw threaten tick tie tighten time tip+ tire toast topup touch tour tow trace track trade train transcribe transfer+ translate transmit+ transport trap+ travel travelled treat tremble trigger trim+ troubleshoot
        trust try tune turn tweet twist type unblock uncheck underestimate uninstall unite unlink unlock unpack unplug+ unsubscribe unzip+ update upgrade upload urge use utilise utilize vacate vaccinate validate value vanish vary
        verify view violate visit volunteer vote wait walk wander want warm warn wash waste watch water wave wear weigh welcome whip+ whisper widen win wipe wish withhold witness wonder work worry wrap+ wreck yell zip+ zoom
        switchon switchoff setup signup lookup pickup unfreeze unmute mute pin+ unpin+ tag+ flag+ ban+ unban+ like dislike follow unfollow friend unfriend hide show
        """;

    /// <summary>Verb, past, participle.</summary>
    private const string Irregular =
        """
        arise arose arisen, bear bore borne, beat beat beaten, become became become, begin began begun, bend bent bent, bet bet bet, bid bid bid, bind bound bound, bite bit bitten, bleed bled bled, blow blew blown,
        break broke broken, bring brought brought, broadcast broadcast broadcast, build built built, burn burnt burnt, buy bought bought, catch caught caught, choose chose chosen, come came come, cost cost cost,
        creep crept crept, cut cut cut, deal dealt dealt, dig dug dug, do did done, draw drew drawn, dream dreamt dreamt, drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed fed,
        feel felt felt, fight fought fought, find found found, flee fled fled, fly flew flown, forbid forbade forbidden, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, get got gotten,
        give gave given, go went gone, grow grew grown, hang hung hung, hear heard heard, hide hid hidden, hit hit hit, hold held held, hurt hurt hurt, keep kept kept, know knew known, lay laid laid, lead led led,
        leap leapt leapt, learn learnt learnt, leave left left, lend lent lent, let let let, light lit lit, lose lost lost, make made made, mean meant meant, meet met met, mistake mistook mistaken, overpay overpaid overpaid,
        pay paid paid, prepay prepaid prepaid, prove proved proven, put put put, quit quit quit, read read read, rewind rewound rewound, ride rode ridden, reset reset reset, ring rang rung, rise rose risen, run ran run, say said said, see saw seen,
        seek sought sought, sell sold sold, send sent sent, resend resent resent, set set set, shake shook shaken, shine shone shone, shoot shot shot, show showed shown, shrink shrank shrunk, shut shut shut, sing sang sung, sink sank sunk,
        sit sat sat, sleep slept slept, slide slid slid, speak spoke spoken, speed sped sped, spend spent spent, spin spun spun, spread spread spread, spring sprang sprung, stand stood stood,
        steal stole stolen, stick stuck stuck, strike struck struck, swear swore sworn, sweep swept swept, swim swam swum, swing swung swung, take took taken, teach taught taught, tear tore torn, tell told told, think thought thought,
        throw threw thrown, undergo underwent undergone, understand understood understood, undo undid undone, wake woke woken, wear wore worn, win won won, wind wound wound, withdraw withdrew withdrawn,
        withhold withheld withheld, write wrote written, rewrite rewrote rewritten, overcome overcame overcome, foresee foresaw foreseen, redo redid redone, resell resold resold, retake retook retaken, unfreeze unfroze unfrozen
        """;

    /// <summary>Words that look like a form of a verb, and mean something of their own.</summary>
    private static readonly HashSet<string> NoForms = [.. "building meeting listing interesting outstanding feeling evening landing crossing wedding hunting lighting saw found felt bore wound bound lit left lay rose shot ground lead lied leaves lives states parts rated".Split(' ')];

    private static readonly Dictionary<string, (string Verb, WordForm Form)> Forms = Read();

    /// <summary>The verb that a word is a form of, or null.</summary>
    public static (string Verb, WordForm Form)? Of(string word) => Forms.TryGetValue(word, out var form) ? form : null;

    private static Dictionary<string, (string, WordForm)> Read()
    {
        var forms = new Dictionary<string, (string, WordForm)>(StringComparer.Ordinal);
        var irregular = Irregular.Split(',').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var special = irregular.Select(parts => parts[0]).ToHashSet(StringComparer.Ordinal);
        var verbs = Regular.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        // The verbs themselves go first, so that no form of one takes another's place.
        foreach (var verb in verbs) forms.TryAdd(verb.TrimEnd('+'), (verb.TrimEnd('+'), WordForm.Base));
        foreach (var verb in special) forms.TryAdd(verb, (verb, WordForm.Base));
        foreach (var parts in irregular)
        {
            Add(forms, parts[1], parts[0], WordForm.Past);
            Add(forms, parts[2], parts[0], WordForm.Past);
            Inflect(forms, parts[0], Doubles(parts[0]), past: false);
        }

        foreach (var verb in verbs) Inflect(forms, verb.TrimEnd('+'), verb[^1] == '+', past: !special.Contains(verb) || verb is "burn" or "learn" or "light" or "show" or "prove" or "speed");
        return forms;
    }

    private static void Inflect(Dictionary<string, (string, WordForm)> forms, string verb, bool doubles, bool past)
    {
        var stem = verb[^1] == 'e' && verb[^2] is not ('e' or 'o' or 'y') ? verb[..^1] : doubles ? verb + verb[^1] : verb;
        Add(forms, verb.EndsWith("ie", StringComparison.Ordinal) ? verb[..^2] + "ying" : stem + "ing", verb, WordForm.Gerund);
        if (verb[^1] == 'l' && !doubles) Add(forms, verb + "ling", verb, WordForm.Gerund);
        Add(forms, verb[^1] == 'y' && verb[^2] is not ('a' or 'e' or 'o' or 'u') ? verb[..^1] + "ies" : verb[^1] is 's' or 'x' or 'z' or 'o' || verb.EndsWith("ch", StringComparison.Ordinal) || verb.EndsWith("sh", StringComparison.Ordinal) ? verb + "es" : verb + "s", verb, WordForm.Plural);
        if (!past) return;
        Add(forms, verb[^1] == 'e' ? verb + "d" : verb[^1] == 'y' && verb[^2] is not ('a' or 'e' or 'o' or 'u') ? verb[..^1] + "ied" : stem + "ed", verb, WordForm.Past);
        if (verb[^1] == 'l' && !doubles) Add(forms, verb + "led", verb, WordForm.Past);
    }

    private static bool Doubles(string verb) => verb is "begin" or "bet" or "bid" or "cut" or "dig" or "forbid" or "forget" or "get" or "hit" or "let" or "put" or "quit" or "run" or "set" or "reset" or "shut" or "sit" or "spin" or "swim" or "win";

    private static void Add(Dictionary<string, (string, WordForm)> forms, string word, string verb, WordForm form)
    {
        if (!NoForms.Contains(word)) forms.TryAdd(word, (verb, form));
    }
}
