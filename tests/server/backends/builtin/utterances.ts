/**
 * What people say to a small assistant, what a recogniser makes of it, and what it must not believe it understands.
 * Each line: what is meant, then utterances separated by `|`.
 */
const CLEAN = `
time: what time is it|what is the time|tell me the time|what's the time please|can you tell me what time it is|What time is it?|time|do you have the time|could you tell me the time please
time: what time is it in tokyo|What's the time in New York?|what time is it in san francisco|what is the time in berlin right now|tokyo time|what time is it in india
unknown-place: what time is it in hogwarts|what time is it in the united states
date: what is the date|what's the date today|what day is it|What day is it today?|what day is tomorrow|what is the date tomorrow|what year is it|which month is it|what day was yesterday
weekday-of: what day of the week is july fourth|what day is december twenty fifth|what day is christmas
until: how many days until christmas|how many weeks until easter|when is thanksgiving|how long until halloween|days until new year's eve|how many days is it until december tenth
calculate: what is twenty five times four|two plus two|what's 7x8?|calculate ninety nine minus forty two|one hundred divided by seven|what is the square root of two|square root of one hundred and forty four|what is fifteen percent of two hundred and forty|how much is three point five times two|what is two to the power of ten|what is seven squared|half of ninety|what is two thirds of ninety|5 * (3 + 4)|12.5% of 80|sqrt(16) + 2^3|add ten and five|subtract five from twelve|divide one hundred by eight|what is minus three plus five|one thousand two hundred minus two hundred and five
convert: convert ten miles to kilometers|how many feet are in a mile|how many ounces in a pound|seventy two degrees fahrenheit in celsius|72f to c|what is one hundred pounds in kilograms|how many seconds are in a day|twenty celsius to fahrenheit|how many cups in a gallon|10 km in miles|one hundred kilometers per hour in miles per hour|minus forty celsius to fahrenheit
no-conversion: convert ten miles to pounds|convert five dollars to euros
set-timer: set a timer for ten seconds|set a timer for two minutes|Set a timer for 1 hour 30 minutes.|start a five minute timer|ten minute timer|timer for thirty seconds|set a pasta timer for ten minutes|set a timer for five minutes for the eggs|count down from ten seconds|set a timer|set a timer for an hour and a half|set another timer for one minute|please set a timer for a quarter of an hour
remind: remind me in five minutes to call mom|remind me at six pm to take out the trash|remind me tomorrow at nine to water the plants|remind me to call bob in ten minutes|set a reminder for five pm to call bob|in ten minutes remind me to check the oven|remind me|remind me to buy milk|wake me up at seven am|set an alarm for six thirty am|set an alarm|remind me at half past six to feed the cat|remind me in half an hour
time-left: how much time is left|how much time is left on the timer|how long is left on the pasta timer|check the timer|what timers do i have|list my reminders|how many minutes are left on my timer|when does the timer end
cancel-timer: cancel the timer|stop the timer|cancel my ten minute timer|delete the reminder|cancel all timers|turn off the alarm|cancel the pasta timer
coin: flip a coin|heads or tails|toss a coin please
dice: roll a dice|roll two dice|roll a twenty sided die|roll a d20|roll the dice|throw three dice
random-number: pick a number between one and ten|give me a random number|choose a random number from five to fifteen
repeat-after-me: repeat after me hello world|Repeat after me: good morning, everyone!|say hello world|can you say after me one two three
repeat-answer: what did you say|repeat that|say that again|could you repeat that please|pardon
chat/help: what can you do|help|what can i ask you|what can you do for me|What are you able to do?|how can you help me
chat/joke: tell me a joke|another joke|do you know any jokes|make me laugh|Tell me a joke, please!
chat/stop: stop|never mind|stop talking|be quiet|forget it|that's enough|okay stop|cancel|Stop!
chat/hello: hello|hi there|good morning|hey parley|Hello!
chat/how-are-you: how are you|how are you doing today|how's it going
chat/who-are-you: who are you|what is your name|are you a robot|what's your name?
chat/thanks: thanks|thank you very much|okay thank you
chat/goodbye: goodbye|bye bye|see you later|good night
chat/compliment: you are funny|good job|you're the best
chat/sorry: sorry|i'm sorry
chat/age: how old are you
chat/where: where are you
chat/hear-me: can you hear me|testing one two three
chat/connect: how do i connect a language model
chinese: 现在几点了？|今天星期几|你好|你能做什么|写一首关于秋天的诗
unheard: |...|?
`;

/** Misreadings, of the recogniser or likely from one. */
const SLIPS = `
time: what time is in|what time it is|what time as it|what times is it|what tine is it|but time is it|the what time is it|what time is it is|what time was it|what time is it and tokyo|what time is it in tokio|what time is a in paris|what's time is it|what him time is it
chat/help: what can you to|what kenya do|what can you due|which can you do|what can he do|what could you do|what can you do do|but can you do|what can you do the|what can you do you
chat/joke: tell me a joe|tell me joke|tell me a jokes|tell me the joke|tell my a joke|tell me a jug|till me a joke|tell me a choke|tell he a joke|tell me a joke a
chat/stop: stopped|top|the stop|stop it|stop stop|a stop|stop the|stock
set-timer: set the timer four two minutes|said a timer for ten seconds|set a time or for ten seconds|set a tighter for ten seconds|set timer ten seconds|set a timer for tin seconds|sat a timer for ten second|set a time her for one minute|set a timer for to minutes|a timer for ten seconds
remind: remind me to water the plants and then minutes|remind me and five minutes to call mom|remind my in five minutes to call mom|reminds me at six p m to feed the cat|remind me in five minutes too call mom
cancel-timer: council the timer|cancel the time or|cancel a timer|cancel the timers
time-left: how much time is last|how much time left|how much time is left on timer
calculate: what is due to the power of ten|what is three point five times too|what is to plus to|what is twenty five time four|what is twenty five times for|what is twenty five times far|what as ten plus five|what is the square route of two|once twenty five times four
convert: seventy two degrees fahrenheit and celsius|convert ten miles two kilometers|convert ten miles in kilometers|convert ten miles to killer meters|how many feet are and a mile|convert ten mile to kilometers
date: what they is it|what day it is|what is the dates|what day is is today
until: how many days until chris miss|how man days until christmas|how many weeks ago easter|how many days till christmas
coin: toss a plane|toss a quiet|flip a coy and|flip the coin|flip a plane|flip coin
dice: well two dice|role two dice|roll too dice|roll two dies
repeat-after-me: repeat after may hello world
repeat-answer: what did you stay|what did he say|repeat what
chat/thanks: think you|thank you and
chat/goodbye: good by|could bye
chat/hello: hallo|hello hello
chat/how-are-you: how are you doing to day|who how are you
`;

/** Questions that only a language model, or the world, could answer. */
const UNRELATED =
  `what is the capital of france|who is the president of france|what is the meaning of life|how many people live in china|how many calories in a banana|how many days in february|how far is the moon in miles|how many miles to london|what is the time difference between paris and tokyo|what day did world war two end|who won the world cup in two thousand ten|what is your favorite color|tell me a story|set the table for dinner|cancel my meeting tomorrow|cancel my subscription|remind them that i am late|does this remind you of anything|what happened five minutes ago|call me in ten minutes|i will be there in ten minutes|i was born in nineteen ninety|what day is my birthday|how many days until my birthday|stop the car|what is the time signature of this song|do you have time to talk|what is the best time to visit japan|how long does it take to boil an egg|what is a dice|is five a prime number|what is the weather like in paris tomorrow|what is the weather|will it rain tomorrow|what time is the game tonight|what is the time complexity of quick sort|what time does the store close|what time is sunset|what time does the sun rise tomorrow|when is the next train|how old is the universe|what can you tell me about dogs|what can you do about climate change|what can you see|what can a dog eat|help me write an email|help me with my homework|stop smoking tips|how do i stop smoking|thank you note for my teacher|good morning in german|how do you say hello in french|what rhymes with orange|what is the name of the president|who made the iphone|are you smarter than siri|are you watching me|what happens when i die|i have a date tomorrow|what is a good date idea|what day works for you|date night ideas|joke is on you|this is not a joke|why is that joke funny|explain the joke|who told you that joke|roll the window down|flip the pancake|toss the salad|pick a restaurant|repeat offender meaning|remind yourself to breathe|timer circuits explained|how does a kitchen timer work|what is the best timer app|set the temperature to seventy degrees|set volume to ten|who invented the alarm clock|three men in a boat|seven brides for seven brothers|times square new year|the new york times|divide and conquer|root canal cost|i ran ten miles today|it weighs five pounds|he is six feet tall|a cup of coffee please|how many feet does a spider have|how many pounds should i lose in a week|how many hours should i sleep|in paris|times two|that is the question|and then what|why is the sky blue|who wrote hamlet|how tall is mount everest|explain quantum physics|how do i get to the airport|turn on the lights|turn off the lights|send a message to john|add milk to my shopping list|play some jazz|time flies|time is money|long time no see|once upon a time|it is about time|what is love|i am bored|how are babies made|who are the beatles|what happened on 9/11|what are you going to do tomorrow|translate hello to spanish|what is the news|how much does a car cost|how much is a plane ticket to tokyo|what is four twenty|who was the second president|give me a second opinion|what are the ten commandments|how do timers work in javascript|what year did the titanic sink|when was the declaration signed|what month has the most birthdays|what is two factor authentication|how many sides does a die have|how many weeks is a pregnancy|how long is a marathon|is it time to buy a house|do you know the way to san jose|stop by the store on the way home|what did you say to her|what did napoleon say at waterloo|say what you will about him but he tried|never mind the gap|goodbye yellow brick road lyrics|hello kitty|hero damage|the rhode island|how tall is mom covers|why is this kind play with|here is the president of france|the reminder was annoying|that alarm is loud|i love your timer|who are you voting for|sorry seems to be the hardest word|what is the longest day of the year|tell me a secret|tell me the truth|tell me a lie|what does the fox say|what did the doctor say|can you hear the music|do you have any pets|where do polar bears live|where can i buy shoes|when does school start|when is my appointment|when is the super bowl|who sang this song|how do airplanes fly|how much wood could a woodchuck chuck|how much does it cost|how many people are here|how many fingers am i holding up|how many days are left in the year|how many minutes until my meeting|how long until we get there|how are you different from siri|how are things in glocca morra|what are the lyrics to yesterday|yesterday all my troubles seemed so far away|tomorrow is another day|today is my birthday|what is happening today|what should i wear tomorrow|what did i do yesterday|what is two truths and a lie|what is one plus size fits all|what is windows ten|what is iphone fourteen|what is area fifty one|what is catch twenty two|what is route sixty six|what is forty percent of nothing|what is ten percent of the population|one more thing|give me five|high five|take five|nine to five|seven up|the number seven|is ten a good score|count to ten|count from one to twenty|do the dishes|do it now|go away|come here|sit down|look at me|look up the phone number of the bank|search for cheap flights|open the garage door|lock the doors|what channel is the game on|pause the timer|add five minutes to the timer|how much is a kilo of apples|how far is ten miles on foot|how heavy is a gallon of water|what weighs more a pound of feathers or a pound of gold|convert pdf to word|convert to islam|translate ten to spanish|what is your phone number|what is my name|my name is john|do you remember me|can you keep a secret|can you drive a car|can you cook|you can do it|are you hungry|are you there god it's me margaret|you are my sunshine|good luck|good night moon|good question|nice weather today|great britain|sorry to hear that|excuse my french|no one knows|yes we can|right turn|wait for me|enough is enough|quiet place movie|top gun|the stopwatch|help wanted sign|hello from the other side|bye bye american pie|random access memory|coin collection value|dice game rules|alarm at the bank|remind me who you are|remind me what i said|set me free|start the car|cancel netflix|delete my account|turn off the phone|clear the table|end the war|what timer should i buy|is the timer on|in london|and now|then what|another brick in the wall|two more please|roll call|heads up|flip side|pick me|choose wisely|the date of the battle of hastings|the year of the dragon|what day is trash day|what month is it hottest|what year is this car|which day is cheapest to fly|time for bed|time to go|time after time|times are tough|in time|on time|what time do you get off work|what time is dinner|what time is it on mars|what time is it when an elephant sits on your fence|what is the time zone of paris|what is summer time`.split(
    '|',
  );

export interface Utterance {
  text: string;
  meant: string;
}

function rows(table: string): Utterance[] {
  return table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(':');
      return line
        .slice(at + 1)
        .split('|')
        .map((text) => ({ text: text.trim(), meant: line.slice(0, at) }));
    });
}

export const clean = rows(CLEAN);
export const slips = rows(SLIPS);
export const unrelated: Utterance[] = UNRELATED.map((text) => ({ text, meant: 'need-model' }));

/** Unrelated too, and never looked at while thresholds and phrases were set: what false acceptance is measured on. */
const HELD_OUT =
  `what is the tallest building in dubai|who discovered penicillin|how do vaccines work|when did dinosaurs live|why do cats purr|where is timbuktu|what is a prime number|can you write some code for me|give me a recipe for lasagna|what movies are playing tonight|what's the best restaurant in town|tell me about yourself and your family|how many bones are in the human body|how many continents are there|how many hours is the flight to sydney|how many grams of sugar are in a coke|how many miles per gallon does a prius get|how long do dogs live|how long should i bake a potato|what time should i go to bed|what time did you wake up|what time does the movie start in london|is it too late to call my mom|is today a holiday|is tomorrow a work day|what day is the concert|what is special about today|what happened on july fourth seventeen seventy six|when is the election|when is mothers day in england|when was christmas invented|how many days does it rain in seattle|what can i do in rome for three days|what should i do about my boss|what do you know about physics|help me choose a gift|help yourself to some cookies|i need help with math|joke about a chicken in french|tell me a joke about cats|write me a joke|tell me a number from one of your favorite books|stop bothering my sister|stop calling me|never ever|cancel my order please|forget about dre|quiet places to live|enough food for ten people|hello in japanese|good evening vietnam|how are your parents|how are we going to win|who are those people|what are your plans|are you a cat person|are you hungry now|thanks giving dinner ideas|see you in court|you are a wizard harry|good movie|sorry not sorry lyrics|do you love pizza|yes or no questions|no country for old men|test results for my blood|can you hear the people sing|repeat the question slowly in german|again and again song|one more night|another day in paradise|heads shoulders knees and toes|toss me the ball|roll the tape|pick a card any card|random facts|timer not working on my oven|time left in the game|how much time does it take to learn go|how much longer is the nile than the thames|the alarm went off at six|remind me why i married you|set up a meeting with bob at ten|make a list of ten animals|start the dishwasher in ten minutes|add two eggs to the bowl|divide the class into four groups|multiply like rabbits|two for one deal|three times a lady|twenty four seven|nine one one|square of the sum explained|half of my heart|ten percent tip etiquette|convert my garage to a gym|twenty miles to go|ten feet under|five pounds of flour please|how many euros is ten dollars|sixty seconds|an hour ago|noon|december|monday`.split(
    '|',
  );

export const heldOut: Utterance[] = HELD_OUT.map((text) => ({ text, meant: 'need-model' }));
