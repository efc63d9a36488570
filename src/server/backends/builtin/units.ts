import type { UnitName } from './intent';

/** A unit as mathjs writes it, as it is said, and by which other names it goes. */
export interface Unit {
  mathjs: string;
  one: string;
  many: string;
  kind: 'length' | 'mass' | 'volume' | 'temperature' | 'time' | 'speed' | 'area' | 'data';
}

const TABLE: [UnitName, Unit['kind'], one: string, many: string, others: string][] = [
  ['mm', 'length', 'millimeter', 'millimeters', 'mm|millimetre|millimetres'],
  ['cm', 'length', 'centimeter', 'centimeters', 'cm|centimetre|centimetres|sentimeters'],
  ['m', 'length', 'meter', 'meters', 'm|metre|metres'],
  [
    'km',
    'length',
    'kilometer',
    'kilometers',
    "km|kms|kilometre|kilometres|kilo meters|kilo meter|killer meters|killer meter|kilometer's|click|clicks",
  ],
  ['inch', 'length', 'inch', 'inches', 'in'],
  ['ft', 'length', 'foot', 'feet', 'ft'],
  ['yard', 'length', 'yard', 'yards', 'yd'],
  ['mile', 'length', 'mile', 'miles', 'mi'],
  ['lightyear', 'length', 'light year', 'light years', 'lightyear|lightyears'],
  ['mg', 'mass', 'milligram', 'milligrams', 'mg'],
  ['g', 'mass', 'gram', 'grams', 'g|gramme|grammes'],
  ['kg', 'mass', 'kilogram', 'kilograms', 'kg|kilo|kilos|kilo grams|kilo gram|kgs'],
  ['tonne', 'mass', 'metric ton', 'metric tons', 'tonne|tonnes'],
  ['ton', 'mass', 'ton', 'tons', ''],
  ['oz', 'mass', 'ounce', 'ounces', 'oz'],
  ['lb', 'mass', 'pound', 'pounds', 'lb|lbs'],
  ['stone', 'mass', 'stone', 'stone', 'stones'],
  ['ml', 'volume', 'milliliter', 'milliliters', 'ml|millilitre|millilitres'],
  ['l', 'volume', 'liter', 'liters', 'l|litre|litres|leader|leaders'],
  ['cup', 'volume', 'cup', 'cups', ''],
  ['pint', 'volume', 'pint', 'pints', ''],
  ['quart', 'volume', 'quart', 'quarts', ''],
  ['gallon', 'volume', 'gallon', 'gallons', 'gal'],
  ['fluidounce', 'volume', 'fluid ounce', 'fluid ounces', ''],
  ['tablespoon', 'volume', 'tablespoon', 'tablespoons', 'table spoons|table spoon|tbsp'],
  ['teaspoon', 'volume', 'teaspoon', 'teaspoons', 'tea spoons|tea spoon|tsp'],
  [
    'degF',
    'temperature',
    'degree Fahrenheit',
    'degrees Fahrenheit',
    'fahrenheit|degrees fahrenheit|degree fahrenheit|f|° f|degrees f|foreign height|ferry height',
  ],
  [
    'degC',
    'temperature',
    'degree Celsius',
    'degrees Celsius',
    'celsius|centigrade|degrees celsius|degrees centigrade|degree celsius|c|° c|degrees c',
  ],
  ['K', 'temperature', 'kelvin', 'kelvin', 'k|kelvins|degrees kelvin'],
  ['s', 'time', 'second', 'seconds', 'sec|s'],
  ['minute', 'time', 'minute', 'minutes', 'min'],
  ['hour', 'time', 'hour', 'hours', ''],
  ['day', 'time', 'day', 'days', ''],
  ['week', 'time', 'week', 'weeks', ''],
  ['month', 'time', 'month', 'months', ''],
  ['year', 'time', 'year', 'years', ''],
  [
    'km/hour',
    'speed',
    'kilometer per hour',
    'kilometers per hour',
    'km / h|kilometres per hour|kph|kmh|kilometers an hour',
  ],
  ['mile/hour', 'speed', 'mile per hour', 'miles per hour', 'mph|miles an hour'],
  ['m/s', 'speed', 'meter per second', 'meters per second', 'm / s|metres per second'],
  ['knot', 'speed', 'knot', 'knots', ''],
  ['m^2', 'area', 'square meter', 'square meters', 'square metres|square metre'],
  ['sqft', 'area', 'square foot', 'square feet', ''],
  ['acre', 'area', 'acre', 'acres', ''],
  ['hectare', 'area', 'hectare', 'hectares', ''],
  ['B', 'data', 'byte', 'bytes', ''],
  ['kB', 'data', 'kilobyte', 'kilobytes', 'kb'],
  ['MB', 'data', 'megabyte', 'megabytes', 'mb|mega bytes'],
  ['GB', 'data', 'gigabyte', 'gigabytes', 'gb|giga bytes'],
  ['TB', 'data', 'terabyte', 'terabytes', 'tb|tera bytes'],
];

export const UNITS: ReadonlyMap<UnitName, Unit> = new Map(
  TABLE.map(([mathjs, kind, one, many]) => [mathjs, { mathjs, kind, one, many }]),
);

/** Every name of every unit, lower case. */
export const UNIT_NAMES: ReadonlyMap<string, UnitName> = new Map(
  TABLE.flatMap(([mathjs, , one, many, others]) =>
    [one, many, ...others.split('|')]
      .filter((name) => name !== '')
      .map((name): [string, UnitName] => [name.toLowerCase(), mathjs]),
  ),
);
